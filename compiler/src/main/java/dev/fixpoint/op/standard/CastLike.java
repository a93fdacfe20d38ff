package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/** Each element converted to the type of another tensor: ONNX CastLike, opset 21. */
public final class CastLike extends CastOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("CastLike")
          .versions(15, 19, 21, 23, 24, 25)
          .input("input", Types.ALL)
          .input("target_type", Types.ALL)
          .output("output", Types.ALL)
          .attributes(SATURATE, ROUND_MODE)
          .doc("Each element converted to the type of another tensor.");

  CastLike() {
    super(SCHEMA);
  }

  @Override
  ElementType target(OpCall call) {
    return call.type(1).elementType();
  }
}
