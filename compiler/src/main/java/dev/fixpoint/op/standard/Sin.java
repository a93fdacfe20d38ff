package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The sine of an angle in radians: ONNX Sin, opset 22. */
public final class Sin extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Sin")
          .versions(7, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The sine of each element.");

  Sin() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(Math::sin, x -> Periods.wave(Math::sin, Math.PI / 2, x), x -> 1);
  }
}
