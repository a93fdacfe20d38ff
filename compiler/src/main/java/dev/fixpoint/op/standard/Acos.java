package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The arcus cosine in radians, not a number beyond 1: ONNX Acos, opset 22. */
public final class Acos extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Acos")
          .versions(7, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The arcus cosine of each element.");

  Acos() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new ArcFunction(
        Math::acos, x -> Images.decreasing(Math::acos, x).clamped(0, Double.POSITIVE_INFINITY));
  }
}
