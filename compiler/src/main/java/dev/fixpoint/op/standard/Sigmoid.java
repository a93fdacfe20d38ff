package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code 1 / (1 + e⁻ˣ)}: ONNX Sigmoid, opset 13. */
public final class Sigmoid extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Sigmoid")
          .versions(1, 6, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The logistic function of each element.");

  Sigmoid() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new Curve();
  }

  /** The logistic function, also where it is computed as {@code 1/2 + tanh(x/2)/2}. */
  private record Curve() implements RealFunction {
    @Override
    public double apply(double x) {
      return Logistic.sigmoid(x);
    }

    @Override
    public Interval image(Interval x) {
      return Images.increasing(Logistic::sigmoid, x).clamped(0, 1);
    }

    @Override
    public double slope(Interval x) {
      return Logistic.sigmoidSlope(Images.nearestToZero(x));
    }

    /**
     * In that form the error of the term {@code tanh(x/2)/2} is relative to 1/2, not to the value.
     */
    @Override
    public double roundoff(double x, double y, double ulp) {
      return LIBRARY_ULPS * ulp / 2 + ulp * Math.abs(y);
    }
  }
}
