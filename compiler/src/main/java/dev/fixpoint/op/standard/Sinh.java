package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The hyperbolic sine: ONNX Sinh, opset 22. */
public final class Sinh extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Sinh")
          .versions(9, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The hyperbolic sine of each element.");

  Sinh() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.increasing(Math::sinh, x -> Math.cosh(x.magnitude()));
  }
}
