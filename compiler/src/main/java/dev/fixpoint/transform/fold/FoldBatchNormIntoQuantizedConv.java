package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.NORM;
import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;
import static dev.fixpoint.transform.fold.BatchNormConditions.orZero;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Tensor;

/**
 * Folds an inference-time BatchNormalization into the convolution before it whose weights are
 * quantized already, as quantizers write it that know nothing of folding.
 *
 * <p>With {@code k = γ / √(σ² + ε)} per output channel: {@code s' = s · k}, {@code b' = (b - μ) · k
 * + β}. The integers stay, so k must be positive.
 *
 * <pre>
 *   t = Conv(x, DequantizeLinear(q, s), b)       y = Conv(x, DequantizeLinear(q, s'), b')
 *   y = BatchNormalization(t, γ, β, μ, σ²)   →
 * </pre>
 */
public final class FoldBatchNormIntoQuantizedConv {
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final Capture<Value> BIAS_INTEGERS = Capture.ofValue("bq");
  private static final Capture<Value> BIAS_SCALES = Capture.ofValue("bs");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-batch-norm-into-quantized-conv")
          .doc("BatchNormalization(Conv(x, DQ(q, s), b)) = Conv(x, DQ(q, s·k), b')")
          .match(
              batchNormOf(
                  QuantizedConv.withBias(
                      Patterns.optional(
                          Patterns.oneOf(
                              Patterns.constant(B),
                              Patterns.op(QuantOps.DEQUANTIZE_LINEAR)
                                  .inputs(
                                      Patterns.constant(BIAS_INTEGERS),
                                      Patterns.constant(BIAS_SCALES),
                                      Patterns.absent()))))))
          .where(Conditions.positive(QuantizedConv.S))
          .where(QuantizedConv.hasScalesOfChannels())
          .where(BatchNormConditions.inference())
          .where(hasPositiveGains())
          .replaceWith(
              (match, build) ->
                  QuantizedConv.define(
                      match.get(NORM).output(),
                      match,
                      build,
                      BatchNormConditions.step(match),
                      bias(match)))
          .within(ErrorContract.realIdentity());

  private FoldBatchNormIntoQuantizedConv() {}

  private static Condition hasPositiveGains() {
    return Condition.soundness(
            "scales stay positive",
            match -> QuantizedConv.keepsScalesPositive(BatchNormConditions.step(match)))
        .withHooks(
            (graph, match, _) -> {
              Tensor scale = match.constant(BatchNormConditions.SCALE);
              double[] values = scale.toDoubles();
              for (int c = 0; c < values.length; c++) {
                values[c] = Math.abs(values[c]) + 0.125;
              }
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
            });
  }

  /** The bias; of stored integers what they stand for, exactly: 53 bits hold each product. */
  private static double[] bias(Match match) {
    if (match.find(BIAS_INTEGERS).isEmpty()) {
      return orZero(match.findConstant(B));
    }
    double[] integers = match.constant(BIAS_INTEGERS).toDoubles();
    double[] scales = match.constant(BIAS_SCALES).toDoubles();
    double[] real = new double[integers.length];
    for (int c = 0; c < real.length; c++) {
      real[c] = integers[c] * scales[scales.length == 1 ? 0 : c];
    }
    return real;
  }
}
