package dev.fixpoint.transform.fold;

import dev.fixpoint.tensor.Shape;
import java.util.function.IntUnaryOperator;

/** Which channel of the result, or of the input, each element of some weights belongs to. */
final class WeightChannels {
  private WeightChannels() {}

  /** Output channels of {@code Conv}'s W [M, C/group, …]: axis 0, for any number of groups. */
  static IntUnaryOperator ofConv(Shape w) {
    int perChannel = elements(w) / w.intSize(0);
    return i -> i / perChannel;
  }

  /** Input channels of {@code Conv}'s W [M, C/group, …]: axis 1, counted on from group to group. */
  static IntUnaryOperator inputsOfConv(Shape w, int groups) {
    int perGroup = w.intSize(1);
    int taps = elements(w) / (w.intSize(0) * perGroup);
    int mapsPerGroup = w.intSize(0) / groups;
    return i -> i / (taps * perGroup) / mapsPerGroup * perGroup + i / taps % perGroup;
  }

  /**
   * Output channels of {@code ConvTranspose}'s W [C, M/group, …]: axis 1, counted on from group to
   * group of axis 0.
   */
  static IntUnaryOperator ofConvTranspose(Shape w, int groups) {
    int perGroup = w.intSize(1);
    int taps = elements(w) / (w.intSize(0) * perGroup);
    int inputsPerGroup = w.intSize(0) / groups;
    return i -> i / (taps * perGroup) / inputsPerGroup * perGroup + i / taps % perGroup;
  }

  /** Columns of a matrix, or of the transpose of one. */
  static IntUnaryOperator ofMatrix(Shape w, boolean transposed) {
    int inner = w.intSize(1);
    return transposed ? i -> i / inner : i -> i % inner;
  }

  private static int elements(Shape w) {
    return Math.toIntExact(w.elementCount());
  }
}
