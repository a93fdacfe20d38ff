package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/** {@code |x|}: ONNX Abs, opset 13. The smallest signed integer stays what it is. */
public final class Abs extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Abs")
          .versions(1, 6, 13)
          .input("X", Types.NUMBERS)
          .output("Y", Types.NUMBERS)
          .doc("The absolute value of each element.");

  Abs() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.exact(Math::abs, Abs::image, x -> 1);
  }

  private static Interval image(Interval x) {
    double nearest = x.contains(0) ? 0 : Math.min(Math.abs(x.low()), Math.abs(x.high()));
    return new Interval(nearest, x.magnitude());
  }

  @Override
  long applyInteger(long x, ElementType type, Attributes attributes) {
    return type.isSigned() ? Math.abs(x) : x;
  }
}
