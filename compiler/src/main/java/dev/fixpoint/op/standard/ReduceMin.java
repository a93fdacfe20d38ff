package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;

/** The smallest of elements along axes: ONNX ReduceMin, opset 20. */
public final class ReduceMin extends ReduceOp {
  ReduceMin() {
    super(
        "ReduceMin",
        NumericTypes.REDUCIBLE_BY_ORDER,
        "The smallest of elements along axes.",
        1,
        11,
        12,
        13,
        18,
        20);
  }

  @Override
  double reduce(double[] x, int base, int[] offsets) {
    double smallest = Double.POSITIVE_INFINITY;
    for (int offset : offsets) {
      smallest = Math.min(smallest, x[base + offset]);
    }
    return smallest;
  }

  @Override
  long reduceIntegers(long[] x, int base, int[] offsets, ElementType type) {
    // Unsigned 64-bit numbers are in order once their highest bit is flipped.
    long flip = type == ElementType.UINT64 ? Long.MIN_VALUE : 0;
    long smallest = type == ElementType.BOOL ? 1 : type.maxInteger();
    for (int offset : offsets) {
      smallest = Math.min(smallest, x[base + offset] ^ flip);
    }
    return smallest ^ flip;
  }

  @Override
  Interval image(Group group) {
    return group.smallest();
  }

  @Override
  double shift(Group group) {
    return group.largestMove();
  }

  @Override
  boolean isExact() {
    return true;
  }

  @Override
  double roundoff(double[] x, double y, ElementType type) {
    return 0;
  }
}
