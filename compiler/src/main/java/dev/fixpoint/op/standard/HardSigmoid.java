package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code max(0, min(1, alpha · x + beta))}: ONNX HardSigmoid, opset 22. */
public final class HardSigmoid extends UnaryOp {
  /** Slope of the line. */
  public static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 0.2f);

  /** Value of the line at zero. */
  public static final Attribute<Float> BETA = Attribute.ofFloat("beta", 0.5f);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("HardSigmoid")
          .versions(1, 6, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(ALPHA, BETA)
          .doc("A clamped line through each element.");

  HardSigmoid() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    Activation.HardSigmoid line =
        new Activation.HardSigmoid(attributes.get(ALPHA), attributes.get(BETA));
    return new Line(line);
  }

  private record Line(Activation.HardSigmoid line) implements RealFunction {
    @Override
    public double apply(double x) {
      return line.apply(x);
    }

    @Override
    public Interval image(Interval x) {
      return line.image(x);
    }

    @Override
    public double slope(Interval x) {
      return line.lipschitz();
    }

    // A product and a sum before the clamp.
    @Override
    public double roundoff(double x, double y, double ulp) {
      double product = Math.abs(line.alpha() * x);
      return Math.min(1, ulp * (2 * product + Math.abs(line.beta())));
    }
  }
}
