package dev.fixpoint.op.quant;

import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The operands of a matrix product of integers whose zero points may differ by row or by column.
 */
final class IntegerOperands {
  private IntegerOperands() {}

  /** The left operand less its zero point: one for all, or one for each row. */
  static int[] left(OpCall call, int operand, int zeroPoint) {
    Tensor zero = call.constant(zeroPoint);
    Shape column =
        zero != null && zero.shape().rank() == 1 ? Shape.of(zero.elementCount(), 1) : Shape.SCALAR;
    return centred(call.tensor(operand), zero, column);
  }

  /** The right operand less its zero point: one for all, or one for each column. */
  static int[] right(OpCall call, int operand, int zeroPoint) {
    Tensor zero = call.constant(zeroPoint);
    Shape row = zero != null && zero.shape().rank() == 1 ? zero.shape() : Shape.SCALAR;
    return centred(call.tensor(operand), zero, row);
  }

  private static int[] centred(Tensor tensor, @Nullable Tensor zero, Shape vector) {
    int[] integers = Quantized.integers(tensor);
    if (zero == null) {
      return integers;
    }
    int[] zeros = Quantized.integers(zero);
    if (zeros.length == 1) {
      for (int i = 0; zeros[0] != 0 && i < integers.length; i++) {
        integers[i] -= zeros[0];
      }
      return integers;
    }
    Shape shape = zero.shape().rank() == 1 ? vector : zero.shape();
    int[] offsets = Broadcasting.offsets(shape, tensor.shape());
    for (int i = 0; i < integers.length; i++) {
      integers[i] -= zeros[offsets[i]];
    }
    return integers;
  }
}
