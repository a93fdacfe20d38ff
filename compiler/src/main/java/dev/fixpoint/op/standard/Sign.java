package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/** {@code -1}, {@code 0} or {@code 1} by the sign of {@code x}: ONNX Sign, opset 13. */
public final class Sign extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Sign")
          .versions(9, 13)
          .input("X", Types.NUMBERS)
          .output("Y", Types.NUMBERS)
          .doc("The sign of each element as a number.");

  Sign() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.exact(
        Math::signum,
        x -> new Interval(Math.signum(x.low()), Math.signum(x.high())),
        x -> x.low() > 0 || x.high() < 0 ? 0 : Double.POSITIVE_INFINITY);
  }

  @Override
  long applyInteger(long x, ElementType type, Attributes attributes) {
    return type.isSigned() ? Long.signum(x) : Math.min(1, Long.compareUnsigned(x, 0));
  }
}
