package dev.fixpoint.testing;

import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Random tensors in profiles that hit what uniform numbers miss. */
final class Draws {
  /** Inputs lie within plus and minus this. */
  static final double MAGNITUDE = 4;

  /** Integers lie within plus and minus this. */
  private static final int INTEGERS = 8;

  /** How the elements of a tensor are drawn. */
  private enum Profile {
    UNIFORM,
    POSITIVE,
    SPIKY,
    SATURATING,
    TINY,
    ALL_EQUAL,
    ZERO
  }

  private Draws() {}

  /** A constant: floats of one profile, small integers, truth values. */
  static Tensor constant(TensorType type, SplittableRandom random) {
    // Mostly positive ones, because variances and scales have to be.
    Profile profile = random.nextBoolean() ? Profile.POSITIVE : profile(random);
    return tensor(type, profile, MAGNITUDE / 2, random);
  }

  /** Tensors for the inputs of a graph, within {@link #ranges}; their shapes have to be known. */
  static Map<String, Tensor> inputs(Graph graph, SplittableRandom random) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      inputs.put(input.name(), tensor(graph.type(input), profile(random), MAGNITUDE, random));
    }
    return inputs;
  }

  /** The ranges in which {@link #inputs} lie. */
  static Map<String, Range> ranges(Graph graph) {
    Map<String, Range> ranges = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      ranges.put(
          input.name(),
          graph.type(input).elementType().isFloat()
              ? Range.of(-MAGNITUDE, MAGNITUDE)
              : Range.of(-INTEGERS, INTEGERS));
    }
    return ranges;
  }

  private static Profile profile(SplittableRandom random) {
    return Profile.values()[random.nextInt(Profile.values().length)];
  }

  private static Tensor tensor(
      TensorType type, Profile profile, double magnitude, SplittableRandom random) {
    int count = Math.toIntExact(type.shape().elementCount());
    if (!type.elementType().isFloat()) {
      return integers(type, count, random);
    }
    double equal = random.nextDouble(-magnitude, magnitude);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      double uniform = random.nextDouble(-magnitude, magnitude);
      values[i] =
          switch (profile) {
            case UNIFORM -> uniform;
            case POSITIVE -> (Math.abs(uniform) + magnitude / 16) * (1 - 1.0 / 16);
            case SPIKY -> random.nextInt(8) == 0 ? uniform : uniform / 256;
            case SATURATING -> Math.copySign(magnitude, uniform);
            case TINY -> uniform * 0x1p-60;
            case ALL_EQUAL -> equal;
            case ZERO -> 0;
          };
    }
    return Tensor.ofDoubles(type.elementType(), type.shape(), values);
  }

  private static Tensor integers(TensorType type, int count, SplittableRandom random) {
    boolean bool = type.elementType() == ElementType.BOOL;
    long low = bool ? 0 : Math.max(-INTEGERS, type.elementType().minInteger());
    long high = bool ? 1 : Math.min(INTEGERS, type.elementType().maxInteger());
    return Tensor.ofLongs(
        type.elementType(), type.shape(), random.longs(count, low, high + 1).toArray());
  }
}
