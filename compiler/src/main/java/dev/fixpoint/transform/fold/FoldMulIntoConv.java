package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.orZero;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Tensor;

/**
 * Folds the multiplication by a constant factor for each output channel into the convolution before
 * it: {@code W' = W · k} along axis 0, {@code b' = b · k}.
 *
 * <pre>
 *   t = Conv(x, W, b)        y = Conv(x, W·k, b·k)
 *   y = Mul(t, k)        →
 * </pre>
 */
public final class FoldMulIntoConv {
  private static final Capture<Node> CONV = Capture.ofNode("conv");
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Value> W = Capture.ofValue("w");
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final ChannelConstant K =
      new ChannelConstant(
          Capture.ofValue("k"),
          CONV,
          1,
          match -> match.constant(W).shape().rank(),
          match -> match.constant(W).shape().intSize(0));

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-mul-into-conv")
          .doc("Conv(x, W, b)·k = Conv(x, W·k, b·k) with k one number for each output channel")
          .match(
              Patterns.op(StandardOps.MUL)
                  .inputs(
                      Patterns.op(StandardOps.CONV)
                          .capture(CONV)
                          .singleUse()
                          .inputs(
                              Patterns.any(X), Patterns.constant(W), Patterns.optionalConstant(B)),
                      Patterns.constant(K.constant()))
                  .commutative())
          .where(K.condition())
          .replaceWith(FoldMulIntoConv::replace)
          .within(ErrorContract.realIdentity());

  private FoldMulIntoConv() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor w = match.constant(W);
    FoldedWeights folded =
        new FoldedWeights(build, AffineStep.factor(K.of(match)), w, match.get(W).name());
    Value bias = match.find(B).isPresent() ? folded.bias(orZero(match.findConstant(B))) : null;
    build.define(
        match.root().output(),
        StandardOps.CONV,
        match.get(CONV).attributes(),
        match.get(X),
        folded.weights(WeightChannels.ofConv(w.shape())),
        bias);
  }
}
