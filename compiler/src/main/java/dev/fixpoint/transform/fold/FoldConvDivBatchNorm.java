package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.NORM;
import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;
import static dev.fixpoint.transform.fold.BatchNormConditions.orZero;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
  private static final Capture<Node> CONV = Capture.ofNode("conv");
  private static final Capture<Node> WEIGHTS = Capture.ofNode("weights");
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Value> Q = Capture.ofValue("q");
  private static final Capture<Value> S = Capture.ofValue("s");
  private static final Capture<Value> Z = Capture.ofValue("z");
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final ChannelConstant K =
      new ChannelConstant(
          Capture.ofValue("k"),
          CONV,
          1,
          match -> match.constant(Q).shape().rank(),
          match -> match.constant(Q).shape().intSize(0));

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-conv-div-batch-norm")
          .doc("BatchNormalization(Conv(x, DQ(q, s), b)/k) = Conv(x, DQ(q, s·r), b')")
          .match(
              batchNormOf(
                  Patterns.op(StandardOps.DIV)
                      .singleUse()
                      .inputs(
                          Patterns.op(StandardOps.CONV)
                              .capture(CONV)
                              .singleUse()
                              .inputs(
                                  Patterns.any(X),
                                  Patterns.op(QuantOps.DEQUANTIZE_LINEAR)
                                      .capture(WEIGHTS)
                                      .inputs(
                                          Patterns.constant(Q),
                                          Patterns.constant(S),
                                          Patterns.optionalConstant(Z)),
                                  Patterns.optionalConstant(B)),
                          Patterns.constant(K.constant()))))
          .where(K.condition())
          .where(Conditions.positive(S))
          .where(
              Condition.soundness(
                      "scales are for output channels or for all weights",
                      match ->
                          match.constant(S).shape().rank() <= 1
                              && (match.constant(S).elementCount() == 1
                                  || match.get(WEIGHTS).get(QuantizeLinear.AXIS) == 0))
                  .withHooks(
                      (graph, match, _) -> {
                        graph.setAttribute(match.get(WEIGHTS), QuantizeLinear.AXIS, 0L);
                        return true;
                      },
                      (graph, match, _) -> {
                        graph.setAttribute(match.get(WEIGHTS), QuantizeLinear.AXIS, 1L);
                        return true;
                      }))
          .where(BatchNormConditions.inference())
          .where(
              Condition.soundness("scales stay positive", match -> isPositive(gains(match)))
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

  private static double[] gains(Match match) {
    AffineStep step = step(match);
    double[] gains = new double[step.channels()];
    Arrays.setAll(gains, step::gain);
    return gains;
  }

  private static boolean isPositive(double[] gains) {
    return Arrays.stream(gains).allMatch(gain -> gain > 0 && gain < Double.POSITIVE_INFINITY);
  }

  private static void replace(Match match, ReplacementBuilder build) {
    AffineStep step = step(match);
    Node conv = match.get(CONV);
    Node weights = match.get(WEIGHTS);
    Tensor scale = repeated(match.constant(S), step.channels());
    Value scales =
        new FoldedWeights(build, step, scale, match.get(S).name()).weights(channel -> channel);
    Value dequantized =
        build.call(
            weights.output().name(),
            QuantOps.DEQUANTIZE_LINEAR,
            weights.attributes().with(QuantizeLinear.AXIS, 0L),
            match.get(Q),
            scales,
            zeroPoint(match, build, step.channels()));
    Value bias =
        new FoldedWeights(build, step, scale, conv.output().name())
            .bias(orZero(match.findConstant(B)));
    build.define(
        match.get(NORM).output(),
        StandardOps.CONV,
        conv.attributes(),
        match.get(X),
        dequantized,
        bias);
  }

  private static @Nullable Value zeroPoint(Match match, ReplacementBuilder build, int channels) {
    if (match.find(Z).isEmpty()) {
      return null;
    }
    Tensor given = match.constant(Z);
    Tensor zeros = repeated(given, channels);
    return zeros.equals(given) ? match.get(Z) : build.constant(match.get(Z).name(), zeros);
  }

  private static Tensor repeated(Tensor tensor, int count) {
    if (tensor.elementCount() == count && tensor.shape().rank() == 1) {
      return tensor;
    }
    double value = tensor.doubleAt(0);
    return Tensor.filled(tensor.elementType(), Shape.of(count), value);
  }
}
