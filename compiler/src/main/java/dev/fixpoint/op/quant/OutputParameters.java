package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a quantized output among the inputs of a call. Its element type is that of the
 * zero point; without one it is uint8 with zero point 0, as in QuantizeLinear.
 */
final class OutputParameters {
  private OutputParameters() {}

  /** The element type of the output: float32 where there is no scale. */
  static ElementType elementType(OpCall call, int scale, int zeroPoint) {
    if (!call.hasInput(scale)) {
      return ElementType.FLOAT;
    }
    return call.hasInput(zeroPoint) ? call.type(zeroPoint).elementType() : ElementType.UINT8;
  }

  /** The parameters of the output; null where there is no scale and the output is float. */
  static @Nullable QuantParams find(OpCall call, int scale, int zeroPoint) {
    return call.hasInput(scale) ? of(call, scale, zeroPoint) : null;
  }

  /** The parameters of the output. */
  static QuantParams of(OpCall call, int scale, int zeroPoint) {
    Tensor zero = call.constant(zeroPoint);
    long[] zeroPoints = Quantized.zeroPoints(zero);
    if (zeroPoints.length != 1) {
      throw new IllegalArgumentException("the output needs one zero point");
    }
    return QuantParams.perTensor(
        zero == null ? ElementType.UINT8 : zero.elementType(),
        Quantized.single(Quantized.scales(call.tensor(scale))),
        zeroPoints[0]);
  }

  /** Whether every listed input is absent or known. */
  static boolean known(OpCall call, int... inputs) {
    for (int input : inputs) {
      if (call.hasInput(input) && call.constant(input) == null) {
        return false;
      }
    }
    return true;
  }
}
