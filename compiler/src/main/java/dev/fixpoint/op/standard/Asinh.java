package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The area hyperbolic sine: ONNX Asinh, opset 22. */
public final class Asinh extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Asinh")
          .versions(9, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The area hyperbolic sine of each element.");

  Asinh() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.increasing(
        AreaFunctions::asinh, x -> 1 / Math.hypot(1, Images.nearestToZero(x)));
  }
}
