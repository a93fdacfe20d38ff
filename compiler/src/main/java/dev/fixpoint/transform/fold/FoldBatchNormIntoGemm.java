package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.NORM;
import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;

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
 * Folds an inference-time BatchNormalization into the Gemm before it.
 *
 * <p>Gemm is {@code α·A·B + β·C}; with {@code k = γ / √(σ² + ε)} per column: {@code B' = B · k}
 * along the output axis (0 where B is transposed, else 1), {@code C' = (β·C - μ) · k + bias},
 * {@code β' = 1}; α stays.
 */
public final class FoldBatchNormIntoGemm {
  private static final Capture<Value> A = Capture.ofValue("a");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-batch-norm-into-gemm")
          .doc("B' = B·k, C' = (beta·C - mean)·k + bias, beta' = 1")
          .match(batchNormOf(GemmParts.gemm(Patterns.any(A)).singleUse()))
          .where(BatchNormConditions.inference())
          .where(GemmParts.sameInEveryRow())
          .where(BatchNormConditions.wellDefined())
          .replaceWith(FoldBatchNormIntoGemm::replace)
          .within(ErrorContract.realIdentity());

  private FoldBatchNormIntoGemm() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor b = match.constant(GemmParts.B);
    String wish = match.get(GemmParts.B).name();
    FoldedWeights folded = new FoldedWeights(build, BatchNormConditions.step(match), b, wish);
    build.define(
        match.get(NORM).output(),
        StandardOps.GEMM,
        GemmParts.withoutBeta(match),
        match.get(A),
        folded.weights(WeightChannels.ofMatrix(b.shape(), GemmParts.isTransposed(match))),
        folded.bias(GemmParts.bias(match)));
  }
}
