package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** The sum of absolute values along axes: ONNX ReduceL1, opset 18. Integers wrap around. */
public final class ReduceL1 extends ReduceOp {
  ReduceL1() {
    super(
        "ReduceL1",
        NumericTypes.REDUCIBLE,
        "The sum of absolute values along axes.",
        1,
        11,
        13,
        18);
  }

  @Override
  double reduce(double[] x, int base, int[] offsets) {
    return Sums.of(x, base, offsets, Math::abs);
  }

  @Override
  long reduceIntegers(long[] x, int base, int[] offsets, ElementType type) {
    return Arrays.stream(offsets)
        .mapToLong(offset -> type.isSigned() ? Math.abs(x[base + offset]) : x[base + offset])
        .sum();
  }

  @Override
  Interval image(Group group) {
    return group.sum(Squares::absolute);
  }

  @Override
  double shift(Group group) {
    return group.sumOfMoves(x -> 1);
  }

  @Override
  double roundoff(double[] x, double y, ElementType type) {
    return Roundoff.ofSum(x, 0, type);
  }
}
