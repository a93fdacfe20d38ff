package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The hyperbolic tangent: ONNX Tanh, opset 13. */
public final class Tanh extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Tanh")
          .versions(1, 6, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The hyperbolic tangent of each element.");

  Tanh() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(
        Math::tanh,
        x -> Images.increasing(Math::tanh, x).clamped(-1, 1),
        x -> {
          double cosh = Math.cosh(Images.nearestToZero(x));
          return 1 / (cosh * cosh);
        });
  }
}
