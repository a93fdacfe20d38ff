package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * {@code x · max(0, min(1, x / 6 + 0.5))} with the float32 number next to 1/6: ONNX HardSwish,
 * opset 22.
 */
public final class HardSwish extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("HardSwish")
          .versions(14, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("Each element times its hard sigmoid.");

  HardSwish() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new HardCurve();
  }

  private record HardCurve() implements RealFunction {
    private static final Activation.HardSwish CURVE = new Activation.HardSwish();
    private static final double LOWEST = -0.25 / (1 / 6f);

    @Override
    public double apply(double x) {
      return CURVE.apply(x);
    }

    @Override
    public Interval image(Interval x) {
      return Images.bent(CURVE::apply, LOWEST, x);
    }

    @Override
    public double slope(Interval x) {
      return CURVE.lipschitz();
    }

    // Product and sum within the clamp are off by two ulps of at most 2, then times x.
    @Override
    public double roundoff(double x, double y, double ulp) {
      return ulp * (4 * Math.abs(x) + Math.abs(y));
    }
  }
}
