package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.Gemm;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Tensor;

/**
 * Folds an inference-time BatchNormalization into the Gemm that reads it as A.
 *
 * <p>With {@code k = γ / √(σ² + ε)} and {@code s = β - μ·k} per row of {@code op(B)}: {@code B' = B
 * · k} along the axis that is summed over, {@code C' = β·C + α·Σ B · s}, {@code β' = 1}. A must not
 * be transposed: its axis 1, that of the channels, is then the one that is summed over.
 */
public final class FoldBatchNormBeforeGemm {
  private static final Capture<Value> X = Capture.ofValue("x");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-batch-norm-before-gemm")
          .doc("Gemm(x·k + s, B, C) = Gemm(x, B·k, beta·C + alpha·(s·B))")
          .match(GemmParts.gemm(batchNormOf(Patterns.any(X)).singleUse()))
          .where(Conditions.attribute(GemmParts.GEMM, Gemm.TRANS_A, 0L))
          .where(BatchNormConditions.inference())
          .where(GemmParts.sameInEveryRow())
          .where(BatchNormConditions.wellDefined())
          .replaceWith(FoldBatchNormBeforeGemm::replace)
          .within(ErrorContract.realIdentity());

  private FoldBatchNormBeforeGemm() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor b = match.constant(GemmParts.B);
    boolean transposed = GemmParts.isTransposed(match);
    FoldedInputs folded =
        new FoldedInputs(
            build,
            BatchNormConditions.step(match),
            b,
            match.get(GemmParts.B).name(),
            WeightChannels.ofMatrix(b.shape(), !transposed));
    build.define(
        match.root().output(),
        StandardOps.GEMM,
        GemmParts.withoutBeta(match),
        match.get(X),
        folded.weights(),
        folded.bias(
            match.root().get(Gemm.ALPHA),
            WeightChannels.ofMatrix(b.shape(), transposed),
            GemmParts.columns(match),
            GemmParts.bias(match)));
  }
}
