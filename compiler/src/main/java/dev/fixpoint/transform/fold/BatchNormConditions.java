package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.BatchNormalization;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** What the rules that fold a BatchNormalization share: its pattern and its side conditions. */
final class BatchNormConditions {
  static final Capture<Node> NORM = Capture.ofNode("norm");
  static final Capture<Value> SCALE = Capture.ofValue("scale");
  static final Capture<Value> BIAS = Capture.ofValue("bias");
  static final Capture<Value> MEAN = Capture.ofValue("mean");
  static final Capture<Value> VARIANCE = Capture.ofValue("variance");

  private BatchNormConditions() {}

  /** A BatchNormalization with constant parameters over what a pattern matches. */
  static OpPattern batchNormOf(OpPattern normalized) {
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
    return Condition.soundness(
        "norm is in inference mode",
        match -> {
          Node norm = match.get(NORM);
          boolean onlyFirst =
              norm.outputs().stream()
                  .skip(1)
                  .allMatch(v -> match.graph().useCount(v) == 0 && !match.graph().isOutput(v));
          return norm.get(BatchNormalization.TRAINING_MODE) == 0 && onlyFirst;
        });
  }

  /** Variance plus epsilon is positive and every parameter is finite. */
  static Condition wellDefined() {
    return new Condition(
        "variance + epsilon > 0 and all parameters are finite",
        Condition.Kind.SOUNDNESS,
        BatchNormConditions::undefinedChannel);
  }

  private static Optional<String> undefinedChannel(Match match) {
    NormAffine affine = affine(match);
    for (int c = 0; c < affine.channels(); c++) {
      if (!Double.isFinite(affine.apply(c, 0)) || !Double.isFinite(affine.gain(c))) {
        return Optional.of("channel " + c + " of the statistics gives no finite scale and shift");
      }
    }
    return Optional.empty();
  }

  /** Scale, bias, mean and variance have one entry for each of some channels. */
  static Condition channels(String of, ToLongFunction<Match> count) {
    return Condition.soundness(
        "norm has as many channels as " + of,
        match ->
            List.of(SCALE, BIAS, MEAN, VARIANCE).stream()
                .map(match::constant)
                .allMatch(
                    p -> p.shape().rank() == 1 && p.shape().size(0) == count.applyAsLong(match)));
  }

  static NormAffine affine(Match match) {
    return NormAffine.of(
        match.constant(SCALE),
        match.constant(BIAS),
        match.constant(MEAN),
        match.constant(VARIANCE),
        match.get(NORM).get(BatchNormalization.EPSILON));
  }

  /** The tensor of an optional constant vector as doubles, zeros where it is omitted. */
  static double[] orZeros(Optional<Tensor> tensor, int length) {
    return tensor.map(Tensor::toDoubles).orElseGet(() -> new double[length]);
  }
}
