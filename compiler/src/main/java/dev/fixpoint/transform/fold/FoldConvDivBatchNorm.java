package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.NORM;
import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;
import static dev.fixpoint.transform.fold.BatchNormConditions.orZero;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;

/**
 * Folds the form in which PyTorch exports a convolution with BatchNormalization that was trained
 * for quantization: the weights are scaled by {@code k = γ / √(σ² + ε)} and quantized, and the
 * result is divided by k again before it is normalized.
 *
 * <p>Division and normalization together are affine with the gain {@code r = γ / √(σ² + ε) / k}, 1
 * but for float32 roundings. It goes into the scales of the weights, one for each output channel,
 * and the integers stay: {@code s' = s · r}, {@code b' = (b - μ·k) · r + β}.
 *
 * <pre>
 *   t = Conv(x, DequantizeLinear(q, s), b)       y = Conv(x, DequantizeLinear(q, s'), b')
 *   u = Div(t, k)                            →
 *   y = BatchNormalization(u, γ, β, μ, σ²)
 * </pre>
 */
public final class FoldConvDivBatchNorm {
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final ChannelConstant K =
      new ChannelConstant(
          Capture.ofValue("k"),
          QuantizedConv.CONV,
          1,
          match -> match.constant(QuantizedConv.Q).shape().rank(),
          match -> match.constant(QuantizedConv.Q).shape().intSize(0));

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-conv-div-batch-norm")
          .doc("BatchNormalization(Conv(x, DQ(q, s), b)/k) = Conv(x, DQ(q, s·r), b')")
          .match(
              batchNormOf(
                  Patterns.op(StandardOps.DIV)
                      .singleUse()
                      .inputs(
                          QuantizedConv.withBias(Patterns.optionalConstant(B)),
                          Patterns.constant(K.constant()))))
          .where(K.condition())
          .where(Conditions.positive(QuantizedConv.S))
          .where(QuantizedConv.hasScalesOfChannels())
          .where(BatchNormConditions.inference())
          .where(
              Condition.soundness(
                      "scales stay positive",
                      match -> QuantizedConv.keepsScalesPositive(step(match)))
                  .withHooks(
                      (graph, match, _) -> {
                        Tensor scale = match.constant(BatchNormConditions.SCALE);
                        double[] values = scale.toDoubles();
                        double[] divisors = K.of(match);
                        Arrays.setAll(
                            values, c -> Math.copySign(Math.abs(values[c]) + 0.125, divisors[c]));
                        graph.setConstant(
                            match.get(BatchNormConditions.SCALE),
                            Tensor.ofDoubles(scale.elementType(), scale.shape(), values));
                        return true;
                      },
                      (graph, match, _) -> {
                        Tensor scale = match.constant(BatchNormConditions.SCALE);
                        double[] values = scale.toDoubles();
                        values[0] = -values[0];
                        graph.setConstant(
                            match.get(BatchNormConditions.SCALE),
                            Tensor.ofDoubles(scale.elementType(), scale.shape(), values));
                        return values[0] != 0;
                      }))
          .replaceWith(FoldConvDivBatchNorm::replace)
          .within(ErrorContract.realIdentity());

  private FoldConvDivBatchNorm() {}

  private static AffineStep step(Match match) {
    return BatchNormConditions.step(match).afterDivisionBy(K.of(match));
  }

  private static void replace(Match match, ReplacementBuilder build) {
    Value result = match.get(NORM).output();
    QuantizedConv.define(result, match, build, step(match), orZero(match.findConstant(B)));
  }
}
