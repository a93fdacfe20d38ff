package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The tangent of an angle in radians: ONNX Tan, opset 22. */
public final class Tan extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Tan")
          .versions(7, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The tangent of each element.");

  Tan() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(
        Math::tan,
        x -> Periods.hasPole(x) ? Interval.ALL : Images.increasing(Math::tan, x),
        x -> {
          double steepest = Math.max(Math.abs(Math.tan(x.low())), Math.abs(Math.tan(x.high())));
          return Periods.hasPole(x) ? Double.POSITIVE_INFINITY : 1 + steepest * steepest;
        });
  }
}
