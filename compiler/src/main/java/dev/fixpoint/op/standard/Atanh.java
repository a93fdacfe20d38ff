package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The area hyperbolic tangent, not a number beyond 1: ONNX Atanh, opset 22. */
public final class Atanh extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Atanh")
          .versions(9, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The area hyperbolic tangent of each element.");

  Atanh() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(
        AreaFunctions::atanh,
        x -> x.magnitude() > 1 ? Interval.ALL : Images.increasing(AreaFunctions::atanh, x),
        x -> {
          double m = x.magnitude();
          return m >= 1 ? Double.POSITIVE_INFINITY : 1 / ((1 - m) * (1 + m));
        });
  }
}
