package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** The sum of elements along axes: ONNX ReduceSum, opset 13. Integers wrap around. */
public final class ReduceSum extends ReduceOp {
  ReduceSum() {
    super("ReduceSum", NumericTypes.REDUCIBLE, "The sum of elements along axes.", 1, 11, 13);
  }

  @Override
  double reduce(double[] x, int base, int[] offsets) {
    return Sums.of(x, base, offsets, value -> value);
  }

  @Override
  long reduceIntegers(long[] x, int base, int[] offsets, ElementType type) {
    return Arrays.stream(offsets).mapToLong(offset -> x[base + offset]).sum();
  }

  @Override
  Interval image(Group group) {
    return group.sum(x -> x);
  }

  @Override
  double shift(Group group) {
    return group.sumOfMoves(x -> 1);
  }

  @Override
  double lost(Group group) {
    return Outward.multiplyUp(group.absoluteSum(), 0x1p-50);
  }

  @Override
  double roundoff(double[] x, double y, ElementType type) {
    return Roundoff.ofSum(x, 0, type);
  }
}
