package dev.fixpoint.transform.weights;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Weights as they are stored: an element means {@code (code - zero) · scale}.
 *
 * @param format type and blocks
 * @param blocks which elements share a scale
 * @param codes number of the format's grid for each element
 * @param scales scale of each block
 * @param zeros zero point of each block
 */
record StoredWeights(
    WeightFormat format, Blocks blocks, double[] codes, float[] scales, double[] zeros) {

  /** The numbers that the elements mean, each rounded once to float32. */
  double[] reals() {
    int[] of = blocks.ofElements();
    double[] reals = new double[codes.length];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = (float) ((codes[i] - zeros[of[i]]) * scales[of[i]]);
    }
    return reals;
  }

  /** The elements as a tensor. */
  Tensor codeTensor() {
    return tensor(blocks.matrix().shape(), codes);
  }

  /** The scales as a tensor. */
  Tensor scaleTensor() {
    return Tensor.ofFloats(blocks.scaleShape(), scales);
  }

  /** The zero points as a tensor; null for a type whose zero points are always 0. */
  @Nullable Tensor zeroTensor() {
    return format.hasZeroPoints() ? tensor(blocks.scaleShape(), zeros) : null;
  }

  private Tensor tensor(Shape shape, double[] values) {
    ElementType type = format.type();
    if (!type.isInteger()) {
      return Tensor.ofDoubles(type, shape, values);
    }
    long[] integers = new long[values.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = (long) values[i];
    }
    return Tensor.ofLongs(type, shape, integers);
  }
}
