package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.NORM;
import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.TypeConditions;
import dev.fixpoint.tensor.Tensor;

/**
 * Folds an inference-time BatchNormalization into the product of matrices before it: {@code
 * MatMul(A, B)} becomes {@code Gemm(A, B·k, bias - μ·k)} with {@code k = γ / √(σ² + ε)} per column.
 *
 * <p>Only for rank 2: the channels of a BatchNormalization lie along axis 1, which is the last axis
 * of a product of two matrices, but not of a product of stacks of them.
 */
public final class FoldBatchNormIntoMatMul {
  private static final Capture<Value> A = Capture.ofValue("a");
  private static final Capture<Value> B = Capture.ofValue("b");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-batch-norm-into-mat-mul")
          .doc("BatchNormalization(MatMul(a, B)) = Gemm(a, B·k, bias - mean·k)")
          .match(
              batchNormOf(
                  Patterns.op(StandardOps.MAT_MUL)
                      .singleUse()
                      .inputs(Patterns.any(A), Patterns.constant(B))))
          .where(TypeConditions.rank(A, 2))
          .where(TypeConditions.rank(B, 2))
          .where(BatchNormConditions.inference())
          .where(BatchNormConditions.wellDefined())
          .replaceWith(FoldBatchNormIntoMatMul::replace)
          .within(ErrorContract.realIdentity());

  private FoldBatchNormIntoMatMul() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor b = match.constant(B);
    FoldedWeights folded =
        new FoldedWeights(build, BatchNormConditions.step(match), b, match.get(B).name());
    build.define(
        match.get(NORM).output(),
        StandardOps.GEMM,
        Attributes.NONE,
        match.get(A),
        folded.weights(WeightChannels.ofMatrix(b.shape(), false)),
        folded.bias(0));
  }
}
