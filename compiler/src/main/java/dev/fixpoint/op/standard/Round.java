package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code x} rounded to the nearest integer, ties to the even one: ONNX Round, opset 11. */
public final class Round extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Round")
          .versions(11, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("Each element rounded to the nearest integer, ties to even.");

  Round() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new StepFunction(Math::rint);
  }
}
