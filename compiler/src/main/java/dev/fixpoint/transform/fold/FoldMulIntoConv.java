package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.orZero;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
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
  private static final ChannelConstant K = ConvParts.constant("k");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-mul-into-conv")
          .doc("Conv(x, W, b)·k = Conv(x, W·k, b·k) with k one number for each output channel")
          .match(ConvParts.with(StandardOps.MUL, K))
          .where(K.condition())
          .replaceWith(FoldMulIntoConv::replace)
          .within(ErrorContract.realIdentity());

  private FoldMulIntoConv() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor w = match.constant(ConvParts.W);
    FoldedWeights folded =
        new FoldedWeights(build, AffineStep.factor(K.of(match)), w, match.get(ConvParts.W).name());
    Value bias =
        match.find(ConvParts.B).isPresent()
            ? folded.bias(orZero(match.findConstant(ConvParts.B)))
            : null;
    build.define(
        match.root().output(),
        StandardOps.CONV,
        match.get(ConvParts.CONV).attributes(),
        match.get(ConvParts.X),
        folded.weights(WeightChannels.ofConv(w.shape())),
        bias);
  }
}
