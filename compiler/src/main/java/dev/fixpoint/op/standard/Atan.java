package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The arcus tangent in radians: ONNX Atan, opset 22. */
public final class Atan extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Atan")
          .versions(7, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The arcus tangent of each element.");

  Atan() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.increasing(
        Math::atan,
        x -> {
          double nearest = Images.nearestToZero(x);
          return 1 / (1 + nearest * nearest);
        });
  }
}
