package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/** Each element converted to a type: ONNX Cast, opset 21. */
public final class Cast extends CastOp {
  /** The number of the type in ONNX. */
  public static final Attribute<Long> TO = Attribute.ofInt("to").required();

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Cast")
          .versions(1, 6, 9, 13, 19, 21, 23, 24, 25)
          .input("input", Types.ALL)
          .output("output", Types.ALL)
          .attributes(SATURATE, TO, ROUND_MODE)
          .doc("Each element converted to a type.");

  Cast() {
    super(SCHEMA);
  }

  @Override
  ElementType target(OpCall call) {
    return typeOf(call.attributes().getInt(TO));
  }

  /** The element type with a number in ONNX; refuses a number without one. */
  static ElementType typeOf(int code) {
    return ElementType.ofCode(code)
        .filter(type -> type != ElementType.UNDEFINED)
        .orElseThrow(
            () -> new IllegalArgumentException("attribute 'to' names no element type: " + code));
  }
}
