package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The area hyperbolic cosine, not a number below 1: ONNX Acosh, opset 22. */
public final class Acosh extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Acosh")
          .versions(9, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The area hyperbolic cosine of each element.");

  Acosh() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new AreaCosine();
  }

  private record AreaCosine() implements RealFunction {
    @Override
    public double apply(double x) {
      return AreaFunctions.acosh(x);
    }

    @Override
    public Interval image(Interval x) {
      return x.low() < 1
          ? Interval.ALL
          : Images.increasing(AreaFunctions::acosh, x).clamped(0, Double.POSITIVE_INFINITY);
    }

    @Override
    public double slope(Interval x) {
      return x.low() <= 1 ? Double.POSITIVE_INFINITY : 1 / Math.sqrt((x.low() - 1) * (x.low() + 1));
    }

    // Concave: a move counts most next to 1.
    @Override
    public double shift(Interval x, double move) {
      if (x.low() < 1) {
        return Double.POSITIVE_INFINITY;
      }
      double atOne = Math.nextUp(AreaFunctions.acosh(Math.nextUp(1 + move)));
      return Math.min(Outward.multiplyUp(slope(x), move), atOne + 8 * Math.ulp(atOne));
    }
  }
}
