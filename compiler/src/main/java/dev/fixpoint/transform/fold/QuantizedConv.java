package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the rules share that fold an affine step into a convolution whose weights are quantized: the
 * gain goes into the scales of the weights, one for each output channel, and the integers stay.
 */
final class QuantizedConv {
  static final Capture<Node> CONV = Capture.ofNode("conv");
  static final Capture<Node> WEIGHTS = Capture.ofNode("weights");
  static final Capture<Value> X = Capture.ofValue("x");
  static final Capture<Value> Q = Capture.ofValue("q");
  static final Capture<Value> S = Capture.ofValue("s");
  static final Capture<Value> Z = Capture.ofValue("z");

  private QuantizedConv() {}

  /** The convolution, used once. */
  static OpPattern withBias(Pattern bias) {
    return Patterns.op(StandardOps.CONV)
        .capture(CONV)
        .singleUse()
        .inputs(
            Patterns.any(X),
            Patterns.op(QuantOps.DEQUANTIZE_LINEAR)
                .capture(WEIGHTS)
                .inputs(Patterns.constant(Q), Patterns.constant(S), Patterns.optionalConstant(Z)),
            bias);
  }

  /** One scale, or one for each output channel. */
  static Condition hasScalesOfChannels() {
    return Condition.soundness(
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
            });
  }

  /** Whether scales are still scales with the gains of a step. */
  static boolean keepsScalesPositive(AffineStep step) {
    double[] gains = new double[step.channels()];
    Arrays.setAll(gains, step::gain);
    return Arrays.stream(gains).allMatch(gain -> gain > 0 && gain < Double.POSITIVE_INFINITY);
  }

  /**
   * Defines a value as the convolution with the step folded in.
   *
   * @param bias one number for each output channel, or one for all
   */
  static void define(
      Value result, Match match, ReplacementBuilder build, AffineStep step, double... bias) {
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
    Value folded = new FoldedWeights(build, step, scale, conv.output().name()).bias(bias);
    build.define(result, StandardOps.CONV, conv.attributes(), match.get(X), dequantized, folded);
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
