package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The hyperbolic cosine: ONNX Cosh, opset 22. */
public final class Cosh extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Cosh")
          .versions(9, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The hyperbolic cosine of each element.");

  Cosh() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(
        Math::cosh, x -> Images.bent(Math::cosh, 0, x), x -> Math.sinh(x.magnitude()));
  }
}
