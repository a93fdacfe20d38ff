package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;

/**
 * QAdd and QMul where an operand or the result has 16 bits.
 *
 * @param multiplies whether it is QMul
 */
record WideBinaryKernel(boolean multiplies) implements Kernel {
  @Override
  public boolean supports(KernelCall call) {
    return WideElements.areAny(call)
        && isQuantized(call.element(0))
        && isQuantized(call.element(3))
        && isQuantized(call.outputType().elementType())
        && Quantization.areConstant(call, 1, 2, 4, 5, 6, 7)
        && call.shape(0).isStatic()
        && call.shape(3).isStatic();
  }

  private static boolean isQuantized(ElementType type) {
    return Quantization.isByte(type) || WideElements.isWide(type);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    Shape shape = call.outputType().shape();
    return new Prepared(
        multiplies,
        new Operand(
            Broadcasting.offsets(call.shape(0), shape),
            Quantization.scale(call, 1),
            Quantization.zero(call, 2)),
        new Operand(
            Broadcasting.offsets(call.shape(3), shape),
            Quantization.scale(call, 4),
            Quantization.zero(call, 5)),
        Activation.of(call.call().attributes()),
        Quantization.params(call, 6, 7),
        call.outputType());
  }

  /**
   * One side.
   *
   * @param offsets where it has the value for each element of the result
   * @param scale its scale
   * @param zeroPoint its zero point
   */
  private record Operand(int[] offsets, float scale, int zeroPoint) {
    float real(WideElements elements, int index) {
      return (elements.integer(offsets[index]) - zeroPoint) * scale;
    }
  }

  private record Prepared(
      boolean multiplies,
      Operand left,
      Operand right,
      Activation activation,
      QuantParams params,
      TensorType output)
      implements PreparedKernel {
    @Override
    public boolean hasTakenIn(int input) {
      return input != 0 && input != 3;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      int count = Math.toIntExact(output.shape().elementCount());
      WideElements a = WideElements.read(operands.input(0));
      WideElements b = WideElements.read(operands.input(3));
      WideElements y = WideElements.write(operands.output(), output.elementType(), count);
      for (int i = 0; i < count; i++) {
        float x = left.real(a, i);
        float z = right.real(b, i);
        y.set(i, params.quantize(activation.applyFloat(multiplies ? x * z : x + z), 0));
      }
      y.store(output);
    }
  }
}
