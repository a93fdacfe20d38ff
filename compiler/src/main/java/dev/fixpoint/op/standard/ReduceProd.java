package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** The product of elements along axes: ONNX ReduceProd, opset 18. Integers wrap around. */
public final class ReduceProd extends ReduceOp {
  ReduceProd() {
    super(
        "ReduceProd", NumericTypes.REDUCIBLE, "The product of elements along axes.", 1, 11, 13, 18);
  }

  @Override
  double reduce(double[] x, int base, int[] offsets) {
    double product = 1;
    for (int offset : offsets) {
      product *= x[base + offset];
    }
    return product;
  }

  @Override
  long reduceIntegers(long[] x, int base, int[] offsets, ElementType type) {
    return Arrays.stream(offsets).mapToLong(offset -> x[base + offset]).reduce(1, (a, b) -> a * b);
  }

  @Override
  Interval image(Group group) {
    return Products.image(group);
  }

  @Override
  double shift(Group group) {
    return Products.shift(group);
  }

  @Override
  double lost(Group group) {
    return Outward.multiplyUp(image(group).magnitude(), group.count() * 0x1p-52);
  }

  @Override
  double roundoff(double[] x, double y, ElementType type) {
    return Math.abs(y) * Transfers.gamma(type, x.length + 1);
  }
}
