package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code ⌊x⌋}: ONNX Floor, opset 13. */
public final class Floor extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Floor")
          .versions(1, 6, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("Each element rounded down to an integer.");

  Floor() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new StepFunction(Math::floor);
  }
}
