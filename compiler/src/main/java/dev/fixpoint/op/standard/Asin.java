package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The arcus sine in radians, not a number beyond 1: ONNX Asin, opset 22. */
public final class Asin extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Asin")
          .versions(7, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The arcus sine of each element.");

  Asin() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new ArcFunction(Math::asin, x -> Images.increasing(Math::asin, x));
  }
}
