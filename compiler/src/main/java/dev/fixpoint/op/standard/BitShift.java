package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/**
 * The bits of integers moved left or right, with broadcasting: ONNX BitShift, opset 28. Bits that
 * leave the type are lost; a right shift repeats the sign of signed integers. A shift by the width
 * of the type or more, and a negative one, leaves none but repeated signs.
 */
public final class BitShift extends BinaryOp {
  /** {@code LEFT} or {@code RIGHT}. */
  public static final Attribute<String> DIRECTION = Attribute.ofString("direction").required();

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("BitShift")
          .versions(11, 28)
          .input("X", Types.INTEGERS)
          .input("Y", Types.INTEGERS)
          .output("Z", Types.INTEGERS)
          .attributes(DIRECTION)
          .doc("Bits moved left or right, with broadcasting.");

  BitShift() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    String direction = attributes.get(DIRECTION);
    return switch (direction) {
      case "LEFT" -> BitFunction.of((a, b, _) -> leavesSome(b) ? a << b : 0);
      case "RIGHT" -> BitFunction.of(BitShift::right);
      default ->
          throw new IllegalArgumentException(
              "attribute 'direction' should be 'LEFT' or 'RIGHT', but is '" + direction + "'");
    };
  }

  private static boolean leavesSome(long shift) {
    return shift >= 0 && shift < Long.SIZE;
  }

  private static long right(long x, long shift, ElementType type) {
    if (type.isSigned()) {
      return x >> (leavesSome(shift) ? shift : Long.SIZE - 1);
    }
    return leavesSome(shift) ? x >>> shift : 0;
  }
}
