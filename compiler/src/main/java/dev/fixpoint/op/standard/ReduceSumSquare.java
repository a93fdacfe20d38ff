package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** The sum of squares along axes: ONNX ReduceSumSquare, opset 18. Integers wrap around. */
public final class ReduceSumSquare extends ReduceOp {
  ReduceSumSquare() {
    super(
        "ReduceSumSquare", NumericTypes.REDUCIBLE, "The sum of squares along axes.", 1, 11, 13, 18);
  }

  @Override
  double reduce(double[] x, int base, int[] offsets) {
    return Sums.of(x, base, offsets, value -> value * value);
  }

  @Override
  long reduceIntegers(long[] x, int base, int[] offsets, ElementType type) {
    return Arrays.stream(offsets).mapToLong(offset -> x[base + offset] * x[base + offset]).sum();
  }

  @Override
  Interval image(Group group) {
    return group.sum(Squares::square);
  }

  @Override
  double shift(Group group) {
    return group.sumOfMoves(x -> 2 * x.magnitude());
  }

  @Override
  double roundoff(double[] x, double y, ElementType type) {
    return Math.abs(y) * Transfers.gamma(type, x.length + 2);
  }
}
