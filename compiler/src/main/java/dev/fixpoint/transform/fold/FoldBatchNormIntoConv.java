package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.NORM;
import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;
import static dev.fixpoint.transform.fold.BatchNormConditions.orZeros;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;

/**
 * Folds an inference-time BatchNormalization into the convolution before it.
 *
 * <p>With {@code k = γ / √(σ² + ε)} per output channel: {@code W' = W · k} along axis 0, {@code b'
 * = (b - μ) · k + β}. Holds for grouped and depthwise convolutions unchanged, because axis 0 of the
 * weights is the output channel in all of them.
 *
 * <pre>
 *   t = Conv(x, W, b)                            y = Conv(x, W', b')
 *   y = BatchNormalization(t, γ, β, μ, σ²)   →
 * </pre>
 */
public final class FoldBatchNormIntoConv {
  private static final Capture<Node> CONV = Capture.ofNode("conv");
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Value> W = Capture.ofValue("w");
  private static final Capture<Value> B = Capture.ofValue("b");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-batch-norm-into-conv")
          .doc("W' = W·k, b' = (b - mean)·k + bias with k = scale/sqrt(variance + epsilon)")
          .match(
              batchNormOf(
                  Patterns.op(StandardOps.CONV)
                      .capture(CONV)
                      .singleUse()
                      .inputs(Patterns.any(X), Patterns.constant(W), Patterns.optionalConstant(B))))
          .where(BatchNormConditions.inference())
          .where(BatchNormConditions.channels("conv", m -> m.constant(W).shape().size(0)))
          .where(BatchNormConditions.wellDefined())
          .replaceWith(FoldBatchNormIntoConv::replace)
          .within(ErrorContract.realIdentity());

  private FoldBatchNormIntoConv() {}

  private static void replace(Match match, ReplacementBuilder build) {
    NormAffine affine = BatchNormConditions.affine(match);
    Tensor weights = match.constant(W);
    int channels = affine.channels();
    double[] folded = weights.toDoubles();
    int perChannel = folded.length / channels;
    double[] magnitudes = new double[folded.length];
    for (int i = 0; i < folded.length; i++) {
      folded[i] *= affine.gain(i / perChannel);
      magnitudes[i] = Math.abs(folded[i]);
    }
    double[] bias = orZeros(match.findConstant(B), channels);
    double[] biasMagnitudes = new double[channels];
    for (int c = 0; c < channels; c++) {
      biasMagnitudes[c] = affine.magnitude(c, bias[c]);
      bias[c] = affine.apply(c, bias[c]);
    }
    String wish = match.get(W).name();
    Value w = build.computed(wish, weights.elementType(), weights.shape(), folded, 4, magnitudes);
    Value b =
        build.computed(
            wish + "_bias", weights.elementType(), Shape.of(channels), bias, 6, biasMagnitudes);
    build.define(
        match.get(NORM).output(),
        StandardOps.CONV,
        match.get(CONV).attributes(),
        match.get(X),
        w,
        b);
  }
}
