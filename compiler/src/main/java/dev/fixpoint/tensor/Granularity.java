package dev.fixpoint.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which elements of a tensor share a scale and zero point.
 *
 * <p>Parameters follow from the elements: symmetric ones from the largest magnitude, asymmetric
 * ones from the smallest and largest element, zero always among them. A block that is cut off by
 * the end of its axis has the elements that it has; nothing is padded.
 */
public sealed interface Granularity {
  /** All elements. */
  Granularity TENSOR = new PerTensor();

  /** The elements of a row along the last axis, such as the features of a token. */
  Granularity TOKEN = new PerToken();

  /** The elements with the same index of {@code axis}, 0 or more. */
  static Granularity channel(int axis) {
    return new PerChannel(axis);
  }

  /** The elements of a block of {@code size} neighbours along {@code axis}. */
  static Granularity block(int axis, int size) {
    return new PerBlock(axis, size);
  }

  /** One scale for the tensor. */
  record PerTensor() implements Granularity {}

  /** One scale for each row along the last axis. */
  record PerToken() implements Granularity {}

  /**
   * One scale for each index of an axis.
   *
   * @param axis the axis, 0 or more
   */
  record PerChannel(int axis) implements Granularity {}

  /**
   * One scale for each block along an axis.
   *
   * @param axis the axis, 0 or more
   * @param size elements of a block
   */
  record PerBlock(int axis, int size) implements Granularity {}

  /**
   * The symmetric parameters of a tensor.
   *
   * @throws IllegalArgumentException if an element is not finite, or the axis is not one of it
   */
  default QuantParams symmetric(ElementType type, Tensor values) {
    double[][] ranges = ranges(values);
    double[] magnitudes = new double[ranges[0].length];
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] = Math.max(-ranges[0][i], ranges[1][i]);
    }
    return with(
        Arrays.stream(magnitudes).mapToObj(m -> QuantParams.symmetric(type, m)).toList(),
        type,
        values.shape());
  }

  /**
   * The asymmetric parameters of a tensor.
   *
   * @throws IllegalArgumentException if an element is not finite, or the axis is not one of it
   */
  default QuantParams asymmetric(ElementType type, Tensor values) {
    double[][] ranges = ranges(values);
    List<QuantParams> each = new ArrayList<>();
    for (int i = 0; i < ranges[0].length; i++) {
      each.add(QuantParams.asymmetric(type, ranges[0][i], ranges[1][i]));
    }
    return with(each, type, values.shape());
  }

  /** Smallest and largest element of each group, zero included. */
  private double[][] ranges(Tensor values) {
    Shape shape = values.shape();
    int count = count(shape);
    QuantParams.ParamIndex index =
        parameters(ElementType.INT8, shape, ones(count), new long[count]).index(shape);
    double[] lows = new double[count];
    double[] highs = new double[count];
    double[] elements = values.toDoubles();
    for (int i = 0; i < elements.length; i++) {
      if (!Double.isFinite(elements[i])) {
        throw new IllegalArgumentException(
            "element " + i + " is " + elements[i] + ", which no integer stands for");
      }
      int at = index.of(i);
      lows[at] = Math.min(lows[at], elements[i]);
      highs[at] = Math.max(highs[at], elements[i]);
    }
    return new double[][] {lows, highs};
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private QuantParams with(List<QuantParams> each, ElementType type, Shape shape) {
    float[] scales = new float[each.size()];
    long[] zeroPoints = new long[each.size()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = each.get(i).scale(0);
      zeroPoints[i] = each.get(i).zeroPoint(0);
    }
    return parameters(type, shape, scales, zeroPoints);
  }

  private QuantParams parameters(ElementType type, Shape shape, float[] scales, long[] zeros) {
    return switch (this) {
      case PerTensor _ -> QuantParams.perTensor(type, scales[0], zeros[0]);
      case PerChannel channel -> QuantParams.perAxis(type, channel.axis, scales, zeros);
      case PerBlock block -> QuantParams.perBlock(type, block.axis, block.size, scales, zeros);
      case PerToken _ -> {
        int last = requireAxis(shape, shape.rank() - 1);
        int width = Math.max(1, shape.intSize(last));
        yield QuantParams.perBlock(type, last, width, scales, zeros);
      }
    };
  }

  /** Number of scales that a tensor of a static shape gets. */
  private int count(Shape shape) {
    return switch (this) {
      case PerTensor _ -> 1;
      case PerChannel channel -> shape.intSize(requireAxis(shape, channel.axis));
      case PerBlock block -> blocks(shape, requireAxis(shape, block.axis), block.size);
      case PerToken _ -> {
        int last = requireAxis(shape, shape.rank() - 1);
        yield blocks(shape, last, Math.max(1, shape.intSize(last)));
      }
    };
  }

  private static int blocks(Shape shape, int axis, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a block holds at least one element: " + size);
    }
    long along = shape.size(axis);
    return along == 0
        ? 0
        : Math.toIntExact(shape.elementCount() / along * Math.ceilDiv(along, size));
  }

  private static int requireAxis(Shape shape, int axis) {
    if (axis < 0 || axis >= shape.rank()) {
      throw new IllegalArgumentException("no axis " + axis + " in shape " + shape);
    }
    return axis;
  }
}
