package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/**
 * The logarithm of the sum of exponentials along axes: ONNX ReduceLogSumExp, opset 18. Integers are
 * truncated.
 */
public final class ReduceLogSumExp extends ReduceOp {
  ReduceLogSumExp() {
    super(
        "ReduceLogSumExp",
        NumericTypes.REDUCIBLE,
        "The logarithm of the sum of exponentials along axes.",
        1,
        11,
        13,
        18);
  }

  @Override
  double reduce(double[] x, int base, int[] offsets) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int offset : offsets) {
      largest = Math.max(largest, x[base + offset]);
    }
    if (Double.isInfinite(largest)) {
      return largest;
    }
    double shift = largest;
    return shift + Math.log(Sums.of(x, base, offsets, value -> Math.exp(value - shift)));
  }

  @Override
  Interval image(Group group) {
    // It lies between the largest term and that plus the logarithm of their number.
    Interval largest = group.largest();
    double most = Math.log(Math.max(group.count(), 1));
    return new Interval(largest.low(), Outward.addUp(largest.high(), Math.nextUp(most)))
        .widened(0x1p-48 * Math.max(1, largest.isBounded() ? largest.magnitude() : 1));
  }

  @Override
  double shift(Group group) {
    // Its slopes are positive and add up to 1.
    return group.largestMove();
  }

  @Override
  double lost(Group group) {
    double largest = Math.max(1, group.largest().magnitude());
    return Outward.multiplyUp(largest, 0x1p-48);
  }

  @Override
  double roundoff(double[] x, double y, ElementType type) {
    double u = Transfers.unitRoundoff(type);
    double largest = Arrays.stream(x).max().orElse(0);
    double depth = Arrays.stream(x).map(value -> Math.min(largest - value, 1 / u)).max().orElse(0);
    double inSum =
        2 * u * (depth + 4 * RealFunction.LIBRARY_ULPS) + Transfers.gamma(type, x.length);
    return inSum + 4 * RealFunction.LIBRARY_ULPS * u * (Math.abs(y) + Math.abs(largest) + 1);
  }
}
