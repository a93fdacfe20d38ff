package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The cosine of an angle in radians: ONNX Cos, opset 22. */
public final class Cos extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Cos")
          .versions(7, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The cosine of each element.");

  Cos() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(Math::cos, x -> Periods.wave(Math::cos, 0, x), x -> 1);
  }
}
