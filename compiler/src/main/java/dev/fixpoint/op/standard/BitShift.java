package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;

/**
 * The bits of unsigned integers moved left or right, with broadcasting: ONNX BitShift, opset 11. Bits that
 * leave the type are lost; a shift by its width or more leaves none.
 */
public final class BitShift extends BinaryOp {
  /** {@code LEFT} or {@code RIGHT}. */
  public static final Attribute<String> DIRECTION = Attribute.ofString("direction").required();

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("BitShift")
          .versions(11)
          .input("X", NumericTypes.UNSIGNED)
          .input("Y", NumericTypes.UNSIGNED)
          .output("Z", NumericTypes.UNSIGNED)
          .attributes(DIRECTION)
          .doc("Bits moved left or right, with broadcasting.");

  BitShift() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    String direction = attributes.get(DIRECTION);
    return switch (direction) {
      case "LEFT" -> BitFunction.of((a, b) -> b < 64 && b >= 0 ? a << b : 0);
      case "RIGHT" -> BitFunction.of((a, b) -> b < 64 && b >= 0 ? a >>> b : 0);
      default ->
          throw new IllegalArgumentException(
              "attribute 'direction' should be 'LEFT' or 'RIGHT', but is '" + direction + "'");
    };
  }


}
