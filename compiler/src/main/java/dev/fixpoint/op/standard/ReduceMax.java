package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;

/** The largest of elements along axes: ONNX ReduceMax, opset 20. */
public final class ReduceMax extends ReduceOp {
  ReduceMax() {
    super(
        "ReduceMax",
        NumericTypes.REDUCIBLE_BY_ORDER,
        "The largest of elements along axes.",
        1,
        11,
        12,
        13,
        18,
        20);
  }

  @Override
  double reduce(double[] x, int base, int[] offsets) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int offset : offsets) {
      largest = Math.max(largest, x[base + offset]);
    }
    return largest;
  }

  @Override
  long reduceIntegers(long[] x, int base, int[] offsets, ElementType type) {
    // Unsigned 64-bit numbers are in order once their highest bit is flipped.
    long flip = type == ElementType.UINT64 ? Long.MIN_VALUE : 0;
    long largest = flip == 0 && type != ElementType.BOOL ? type.minInteger() : flip;
    for (int offset : offsets) {
      largest = Math.max(largest, x[base + offset] ^ flip);
    }
    return largest ^ flip;
  }

  @Override
  Interval image(Group group) {
    return group.largest();
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
