package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import java.util.Set;

/** Sets of element types that schemas of quantized operators name. */
final class QuantTypes {
  /** float32, the type of scales. */
  static final Set<ElementType> FLOAT = Set.of(ElementType.FLOAT);

  /** int32, the type of accumulators and biases. */
  static final Set<ElementType> INT32 = Set.of(ElementType.INT32);

  /** Integers of 2 to 16 bits, the types that values are quantized to. */
  static final Set<ElementType> INTEGERS =
      Set.of(
          ElementType.INT2,
          ElementType.UINT2,
          ElementType.INT4,
          ElementType.UINT4,
          ElementType.INT8,
          ElementType.UINT8,
          ElementType.INT16,
          ElementType.UINT16);

  /** Floats of 4 and 8 bits, which QuantizeLinear also makes. */
  static final Set<ElementType> SMALL_FLOATS =
      Set.of(
          ElementType.FLOAT8E4M3FN,
          ElementType.FLOAT8E4M3FNUZ,
          ElementType.FLOAT8E5M2,
          ElementType.FLOAT8E5M2FNUZ,
          ElementType.FLOAT4E2M1);

  /** {@link #INTEGERS} and {@link #SMALL_FLOATS}. */
  static final Set<ElementType> QUANTIZED = Types.union(INTEGERS, SMALL_FLOATS);

  /** float32, float16, bfloat16. */
  static final Set<ElementType> FLOATS =
      Set.of(ElementType.FLOAT, ElementType.FLOAT16, ElementType.BFLOAT16);

  /** {@link #FLOATS} and the power-of-two scale of microscaling formats. */
  static final Set<ElementType> SCALES = Types.union(FLOATS, Set.of(ElementType.FLOAT8E8M0));

  private QuantTypes() {}

  /** Whether an operand has 16 bits, so that accumulators have 64. */
  static boolean isWide(OpCall call, int... operands) {
    for (int operand : operands) {
      if (call.type(operand).elementType().bits() > Byte.SIZE) {
        return true;
      }
    }
    return false;
  }
}
