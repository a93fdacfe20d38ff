package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.NORM;
import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;
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
          .where(BatchNormConditions.wellDefined())
          .replaceWith(FoldBatchNormIntoConv::replace)
          .within(ErrorContract.realIdentity());

  private FoldBatchNormIntoConv() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor w = match.constant(W);
    FoldedWeights folded =
        new FoldedWeights(build, BatchNormConditions.step(match), w, match.get(W).name());
    build.define(
        match.get(NORM).output(),
        StandardOps.CONV,
        match.get(CONV).attributes(),
        match.get(X),
        folded.weights(WeightChannels.ofConv(w.shape())),
        folded.bias(orZero(match.findConstant(B))));
  }
}
