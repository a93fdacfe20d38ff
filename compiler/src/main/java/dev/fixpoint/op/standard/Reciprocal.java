package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code 1 / x}: ONNX Reciprocal, opset 13. */
public final class Reciprocal extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Reciprocal")
          .versions(1, 6, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The reciprocal of each element.");

  Reciprocal() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new Inverse();
  }

  private record Inverse() implements RealFunction {
    @Override
    public double apply(double x) {
      return 1 / x;
    }

    @Override
    public Interval image(Interval x) {
      return x.contains(0) ? Interval.ALL : Images.decreasing(y -> 1 / y, x);
    }

    @Override
    public double slope(Interval x) {
      double nearest = Images.nearestToZero(x);
      return 1 / nearest / nearest;
    }

    // As the slope, but with the move in between, where nothing underflows that matters.
    @Override
    public double shift(Interval x, double move) {
      double nearest = Images.nearestToZero(x);
      return nearest == 0
          ? Double.POSITIVE_INFINITY
          : Outward.divideUp(Outward.divideUp(move, nearest), nearest);
    }
  }
}
