package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/**
 * {@code x + bias} for {@code x < -lambd}, {@code x - bias} for {@code x > lambd}, else 0: ONNX
 * Shrink, opset 9. Integers are computed in double and truncated.
 */
public final class Shrink extends UnaryOp {
  /** How far elements move. */
  public static final Attribute<Float> BIAS = Attribute.ofFloat("bias", 0f);

  /** Half the width of the gap. */
  public static final Attribute<Float> LAMBD = Attribute.ofFloat("lambd", 0.5f);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Shrink")
          .versions(9)
          .input("X", Types.NUMBERS)
          .output("Y", Types.NUMBERS)
          .attributes(BIAS, LAMBD)
          .doc("Each element moved towards zero, or zero where it is small.");

  Shrink() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new Gap(attributes.get(BIAS), attributes.get(LAMBD));
  }

  @Override
  long applyInteger(long x, ElementType type, Attributes attributes) {
    return (long) function(attributes).apply(x);
  }

  private record Gap(double bias, double lambd) implements RealFunction {
    @Override
    public double apply(double x) {
      if (x < -lambd) {
        return x + bias;
      }
      return x > lambd || Double.isNaN(x) ? x - bias : 0;
    }

    @Override
    public Interval image(Interval x) {
      Interval outer =
          x.plus(Interval.point(bias)).join(x.minus(Interval.point(bias))).join(Interval.ZERO);
      boolean whole = bias == Math.rint(bias);
      return whole ? outer : outer.widened(1);
    }

    @Override
    public double slope(Interval x) {
      return 1;
    }

    // One jump at each end of the gap; truncation of integers adds less than 1.
    @Override
    public double shift(Interval x, double move) {
      if (lambd >= 0 && (x.low() > lambd || x.high() < -lambd)) {
        return Outward.addUp(move, bias == Math.rint(bias) ? 0 : 1);
      }
      double jump = Math.abs(lambd) + Math.abs(bias);
      double truncation = bias == Math.rint(bias) ? 0 : 1;
      return Outward.addUp(move, Outward.addUp(2 * jump, truncation));
    }
  }
}
