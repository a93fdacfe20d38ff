package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.NORM;
import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.Gemm;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Optional;

/**
 * Folds an inference-time BatchNormalization into the Gemm before it.
 *
 * <p>Gemm is {@code α·A·B + β·C}; with {@code k = γ / √(σ² + ε)} per column: {@code B' = B · k}
 * along the output axis (0 where B is transposed, else 1), {@code C' = (β·C - μ) · k + bias},
 * {@code β' = 1}; α stays.
 */
public final class FoldBatchNormIntoGemm {
  private static final Capture<Node> GEMM = Capture.ofNode("gemm");
  private static final Capture<Value> A = Capture.ofValue("a");
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final Capture<Value> C = Capture.ofValue("c");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-batch-norm-into-gemm")
          .doc("B' = B·k, C' = (beta·C - mean)·k + bias, beta' = 1")
          .match(
              batchNormOf(
                  Patterns.op(StandardOps.GEMM)
                      .capture(GEMM)
                      .singleUse()
                      .inputs(Patterns.any(A), Patterns.constant(B), Patterns.optionalConstant(C))))
          .where(BatchNormConditions.inference())
          .where(BatchNormConditions.channels("gemm", FoldBatchNormIntoGemm::columns))
          .where(
              Condition.soundness(
                  "c does not differ between rows", FoldBatchNormIntoGemm::isRowVector))
          .where(BatchNormConditions.wellDefined())
          .replaceWith(FoldBatchNormIntoGemm::replace)
          .within(ErrorContract.realIdentity());

  private FoldBatchNormIntoGemm() {}

  private static boolean isTransposed(Match match) {
    return match.get(GEMM).get(Gemm.TRANS_B) != 0;
  }

  private static long columns(Match match) {
    return match.constant(B).shape().size(isTransposed(match) ? 0 : 1);
  }

  private static boolean isRowVector(Match match) {
    Optional<Tensor> c = match.findConstant(C);
    return c.isEmpty() || c.get().shape().rank() < 2 || c.get().shape().size(0) == 1;
  }

  private static void replace(Match match, ReplacementBuilder build) {
    NormAffine affine = BatchNormConditions.affine(match);
    Tensor matrix = match.constant(B);
    int columns = affine.channels();
    int inner = isTransposed(match) ? matrix.shape().intSize(1) : 1;
    double[] folded = matrix.toDoubles();
    double[] magnitudes = new double[folded.length];
    for (int i = 0; i < folded.length; i++) {
      folded[i] *= affine.gain(i / inner % columns);
      magnitudes[i] = Math.abs(folded[i]);
    }
    double beta = match.get(GEMM).get(Gemm.BETA);
    double[] given = match.findConstant(C).map(Tensor::toDoubles).orElseGet(() -> new double[1]);
    double[] bias = new double[columns];
    double[] biasMagnitudes = new double[columns];
    for (int n = 0; n < columns; n++) {
      double shift = beta * given[given.length == 1 ? 0 : n];
      bias[n] = affine.apply(n, shift);
      biasMagnitudes[n] = affine.magnitude(n, shift);
    }
    String wish = match.get(B).name();
    Value b = build.computed(wish, matrix.elementType(), matrix.shape(), folded, 4, magnitudes);
    Value c =
        build.computed(
            wish + "_bias", matrix.elementType(), Shape.of(columns), bias, 7, biasMagnitudes);
    build.define(
        match.get(NORM).output(),
        StandardOps.GEMM,
        match.get(GEMM).attributes().with(Gemm.BETA, 1f),
        match.get(A),
        b,
        c);
  }
}
