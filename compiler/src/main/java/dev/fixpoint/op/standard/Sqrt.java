package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code √x}, not a number below zero: ONNX Sqrt, opset 13. IEEE 754 asks for correct rounding. */
public final class Sqrt extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Sqrt")
          .versions(1, 6, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The square root of each element.");

  Sqrt() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new SquareRoot();
  }

  private record SquareRoot() implements RealFunction {
    @Override
    public double apply(double x) {
      return Math.sqrt(x);
    }

    @Override
    public Interval image(Interval x) {
      return x.low() < 0
          ? Interval.ALL
          : Images.increasing(Math::sqrt, x).clamped(0, Double.POSITIVE_INFINITY);
    }

    @Override
    public double slope(Interval x) {
      return x.low() <= 0 ? Double.POSITIVE_INFINITY : 0.5 / Math.sqrt(x.low());
    }

    // The root is concave: a move counts most next to zero, where it makes √move.
    @Override
    public double shift(Interval x, double move) {
      return x.low() < 0
          ? Double.POSITIVE_INFINITY
          : Math.min(Outward.multiplyUp(slope(x), move), Math.nextUp(Math.sqrt(move)));
    }

    @Override
    public double roundoff(double x, double y, double ulp) {
      return 0;
    }
  }
}
