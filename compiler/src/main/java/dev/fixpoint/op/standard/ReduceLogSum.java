package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;

/** The logarithm of the sum along axes: ONNX ReduceLogSum, opset 18. Integers are truncated. */
public final class ReduceLogSum extends ReduceOp {
  ReduceLogSum() {
    super(
        "ReduceLogSum",
        NumericTypes.REDUCIBLE,
        "The logarithm of the sum of elements along axes.",
        1,
        11,
        13,
        18);
  }

  @Override
  double reduce(double[] x, int base, int[] offsets) {
    return Math.log(Sums.of(x, base, offsets, value -> value));
  }

  @Override
  Interval image(Group group) {
    Interval sum = group.sum(x -> x);
    return sum.low() < 0 ? Interval.ALL : Images.increasing(Math::log, sum);
  }

  @Override
  double shift(Group group) {
    double least = group.sum(x -> x).low();
    return least > 0 ? Outward.divideUp(group.sumOfMoves(x -> 1), least) : Double.POSITIVE_INFINITY;
  }

  @Override
  double lost(Group group) {
    return Outward.multiplyUp(
        0x1p-50, Outward.divideUp(group.absoluteSum(), Math.max(group.sum(x -> x).low(), 0)));
  }

  @Override
  double roundoff(double[] x, double y, ElementType type) {
    double relative = Roundoff.ofSum(x, 0, type) / Math.abs(Roundoff.sum(x));
    return relative < 0.5
        ? 2 * relative + RealFunction.LIBRARY_ULPS * 2 * Transfers.unitRoundoff(type) * Math.abs(y)
        : Double.POSITIVE_INFINITY;
  }
}
