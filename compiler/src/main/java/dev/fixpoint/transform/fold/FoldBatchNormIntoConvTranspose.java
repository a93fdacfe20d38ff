package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.NORM;
import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;
import static dev.fixpoint.transform.fold.BatchNormConditions.orZero;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.ConvTranspose;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Tensor;

/**
 * Folds an inference-time BatchNormalization into the transposed convolution before it.
 *
 * <p>With {@code k = γ / √(σ² + ε)} per output channel: {@code W' = W · k}, {@code b' = (b - μ) · k
 * + β}. W is [C, M/g, …]: the g slices of axis 0 belong to the groups, and axis 1 counts the output
 * channels of one group, so that channel {@code j·M/g + m} is element m of axis 1 in slice j.
 */
public final class FoldBatchNormIntoConvTranspose {
  private static final Capture<Node> CONV = Capture.ofNode("conv");
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Value> W = Capture.ofValue("w");
  private static final Capture<Value> B = Capture.ofValue("b");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-batch-norm-into-conv-transpose")
          .doc("W' = W·k along axis 1 of each group, b' = (b - mean)·k + bias")
          .match(
              batchNormOf(
                  Patterns.op(StandardOps.CONV_TRANSPOSE)
                      .capture(CONV)
                      .singleUse()
                      .inputs(Patterns.any(X), Patterns.constant(W), Patterns.optionalConstant(B))))
          .where(BatchNormConditions.inference())
          .where(BatchNormConditions.wellDefined())
          .replaceWith(FoldBatchNormIntoConvTranspose::replace)
          .within(ErrorContract.realIdentity());

  private FoldBatchNormIntoConvTranspose() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor w = match.constant(W);
    Node conv = match.get(CONV);
    int groups = conv.attributes().getInt(ConvTranspose.GROUP);
    FoldedWeights folded =
        new FoldedWeights(build, BatchNormConditions.step(match), w, match.get(W).name());
    build.define(
        match.get(NORM).output(),
        StandardOps.CONV_TRANSPOSE,
        conv.attributes(),
        match.get(X),
        folded.weights(WeightChannels.ofConvTranspose(w.shape(), groups)),
        folded.bias(orZero(match.findConstant(B))));
  }
}
