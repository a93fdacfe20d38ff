package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** The mean of elements along axes: ONNX ReduceMean, opset 18. Integers are truncated. */
public final class ReduceMean extends ReduceOp {
  ReduceMean() {
    super("ReduceMean", NumericTypes.REDUCIBLE, "The mean of elements along axes.", 1, 11, 13, 18);
  }

  @Override
  double reduce(double[] x, int base, int[] offsets) {
    return Sums.of(x, base, offsets, value -> value) / offsets.length;
  }

  @Override
  Interval image(Group group) {
    Interval sum = new Group(group.terms(), group.moves(), Interval.point(1)).sum(x -> x);
    double count = group.terms().length;
    return new Interval(Outward.divideDown(sum.low(), count), Outward.divideUp(sum.high(), count));
  }

  @Override
  double shift(Group group) {
    return group.meanMove();
  }

  @Override
  double lost(Group group) {
    return Outward.multiplyUp(magnitude(group.terms()), 0x1p-50);
  }

  private static double magnitude(Interval[] terms) {
    return Arrays.stream(terms).mapToDouble(Interval::magnitude).max().orElse(0);
  }

  @Override
  double roundoff(double[] x, double y, ElementType type) {
    return Roundoff.ofSum(x, 1, type) / x.length;
  }
}
