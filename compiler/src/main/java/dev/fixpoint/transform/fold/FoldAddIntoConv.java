package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.orZero;

import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
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
  private static final ChannelConstant C = ConvParts.constant("c");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-add-into-conv")
          .doc("Conv(x, W, b) + c = Conv(x, W, b + c) with c one number for each output channel")
          .match(ConvParts.with(StandardOps.ADD, C))
          .where(C.condition())
          .replaceWith(FoldAddIntoConv::replace)
          .within(ErrorContract.realIdentity());

  private FoldAddIntoConv() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor w = match.constant(ConvParts.W);
    FoldedWeights folded =
        new FoldedWeights(build, AffineStep.summand(C.of(match)), w, match.get(ConvParts.W).name());
    build.define(
        match.root().output(),
        StandardOps.CONV,
        match.get(ConvParts.CONV).attributes(),
        match.get(ConvParts.X),
        match.get(ConvParts.W),
        folded.bias(orZero(match.findConstant(ConvParts.B))));
  }
}
