package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;

/** The root of the sum of squares along axes: ONNX ReduceL2, opset 18. Integers are truncated. */
public final class ReduceL2 extends ReduceOp {
  ReduceL2() {
    super(
        "ReduceL2",
        NumericTypes.REDUCIBLE,
        "The root of the sum of squares along axes.",
        1,
        11,
        13,
        18);
  }

  @Override
  double reduce(double[] x, int base, int[] offsets) {
    return Math.sqrt(Sums.of(x, base, offsets, value -> value * value));
  }

  @Override
  Interval image(Group group) {
    return Images.increasing(
            Math::sqrt, group.sum(Squares::square).clamped(0, Double.POSITIVE_INFINITY))
        .clamped(0, Double.POSITIVE_INFINITY);
  }

  @Override
  double shift(Group group) {
    // The norm of a difference is at most the norm of the moves.
    double squares = 0;
    for (double move : group.moves()) {
      squares = Outward.addUp(squares, Outward.multiplyUp(move, move));
    }
    return Math.nextUp(Math.sqrt(Outward.multiplyUp(squares, group.times().high())));
  }

  @Override
  double roundoff(double[] x, double y, ElementType type) {
    return Math.abs(y) * Transfers.gamma(type, x.length + 3);
  }
}
