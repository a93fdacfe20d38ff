package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.BatchNormalization;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.GraphEdit;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.tensor.Tensor;
import java.util.Optional;
import java.util.SplittableRandom;

/** What the rules that fold a BatchNormalization share: its pattern and its side conditions. */
final class BatchNormConditions {
  static final Capture<Node> NORM = Capture.ofNode("norm");
  static final Capture<Value> SCALE = Capture.ofValue("scale");
  static final Capture<Value> BIAS = Capture.ofValue("bias");
  static final Capture<Value> MEAN = Capture.ofValue("mean");
  static final Capture<Value> VARIANCE = Capture.ofValue("variance");

  private BatchNormConditions() {}

  /** A BatchNormalization with constant parameters over what a pattern matches. */
  static OpPattern batchNormOf(Pattern normalized) {
    return Patterns.op(StandardOps.BATCH_NORMALIZATION)
        .capture(NORM)
        .inputs(
            normalized,
            Patterns.constant(SCALE),
            Patterns.constant(BIAS),
            Patterns.constant(MEAN),
            Patterns.constant(VARIANCE));
  }

  /** Running statistics are used, and nothing reads the other outputs. */
  static Condition inference() {
    return Condition.soundness("norm is in inference mode", BatchNormConditions::isInference)
        .withHooks(
            (graph, match, _) -> {
              graph.setAttribute(match.get(NORM), BatchNormalization.TRAINING_MODE, 0L);
              return match.get(NORM).outputs().size() == 1;
            },
            (graph, match, _) -> {
              graph.setAttribute(match.get(NORM), BatchNormalization.TRAINING_MODE, 1L);
              return true;
            });
  }

  private static boolean isInference(Match match) {
    Node norm = match.get(NORM);
    return norm.get(BatchNormalization.TRAINING_MODE) == 0
        && norm.outputs().stream()
            .skip(1)
            .allMatch(v -> match.graph().useCount(v) == 0 && !match.graph().isOutput(v));
  }

  /** Variance plus epsilon is positive and every parameter is finite. */
  static Condition wellDefined() {
    return new Condition(
        "variance + epsilon > 0 and all parameters are finite",
        Condition.Kind.SOUNDNESS,
        BatchNormConditions::undefinedChannel,
        (graph, match, random) -> redrawVariance(graph, match, random, 1),
        (graph, match, random) -> redrawVariance(graph, match, random, -1));
  }

  private static boolean redrawVariance(
      GraphEdit graph, Match match, SplittableRandom random, int sign) {
    Tensor variance = match.constant(VARIANCE);
    double[] values = variance.toDoubles();
    for (int i = 0; i < values.length; i++) {
      boolean changed = sign > 0 ? !(values[i] > 0) : i == 0 || random.nextInt(4) == 0;
      values[i] = changed ? sign * random.nextDouble(1, 4) : values[i];
    }
    graph.setConstant(
        match.get(VARIANCE), Tensor.ofDoubles(variance.elementType(), variance.shape(), values));
    return values.length > 0;
  }

  private static Optional<String> undefinedChannel(Match match) {
    AffineStep step = step(match);
    for (int c = 0; c < step.channels(); c++) {
      if (!Double.isFinite(step.apply(c, 0)) || !Double.isFinite(step.gain(c))) {
        return Optional.of("channel " + c + " of the statistics gives no finite scale and shift");
      }
    }
    return Optional.empty();
  }

  /** The step that the matched BatchNormalization is. */
  static AffineStep step(Match match) {
    return AffineStep.batchNorm(
        match.constant(SCALE),
        match.constant(BIAS),
        match.constant(MEAN),
        match.constant(VARIANCE),
        match.get(NORM).get(BatchNormalization.EPSILON));
  }

  /** The elements of an optional constant, one zero where it is omitted. */
  static double[] orZero(Optional<Tensor> tensor) {
    return tensor.map(Tensor::toDoubles).orElseGet(() -> new double[1]);
  }
}
