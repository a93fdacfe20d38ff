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
 * Folds the addition of a constant for each output channel into the convolution before it: {@code
 * b' = b + c}. The weights stay as they are, so that they may be anything.
 *
 * <pre>
 *   t = Conv(x, W, b)        y = Conv(x, W, b + c)
 *   y = Add(t, c)        →
 * </pre>
 */
public final class FoldAddIntoConv {
  private static final Capture<Node> CONV = Capture.ofNode("conv");
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Value> W = Capture.ofValue("w");
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final ChannelConstant C =
      new ChannelConstant(
          Capture.ofValue("c"),
          CONV,
          1,
          match -> match.constant(W).shape().rank(),
          match -> match.constant(W).shape().intSize(0));

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-add-into-conv")
          .doc("Conv(x, W, b) + c = Conv(x, W, b + c) with c one number for each output channel")
          .match(
              Patterns.op(StandardOps.ADD)
                  .inputs(
                      Patterns.op(StandardOps.CONV)
                          .capture(CONV)
                          .singleUse()
                          .inputs(
                              Patterns.any(X), Patterns.constant(W), Patterns.optionalConstant(B)),
                      Patterns.constant(C.constant()))
                  .commutative())
          .where(C.condition())
          .replaceWith(FoldAddIntoConv::replace)
          .within(ErrorContract.realIdentity());

  private FoldAddIntoConv() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor w = match.constant(W);
    FoldedWeights folded =
        new FoldedWeights(build, AffineStep.summand(C.of(match)), w, match.get(W).name());
    build.define(
        match.root().output(),
        StandardOps.CONV,
        match.get(CONV).attributes(),
        match.get(X),
        match.get(W),
        folded.bias(orZero(match.findConstant(B))));
  }
}
