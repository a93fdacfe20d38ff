package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * QuantizeLinear, DequantizeLinear and Requantize with one scale where one side has 16 bits, by the
 * arithmetic of {@link QuantParams}.
 */
final class WideQuantizeKernel implements Kernel {
  @Override
  public boolean supports(KernelCall call) {
    ElementType from = call.element(0);
    ElementType to = call.outputType().elementType();
    boolean typed = WideElements.areAny(call);
    boolean single =
        Quantization.areConstant(call, 1, 2, 3, 4)
            && Quantization.isSingle(call, 1)
            && Quantization.isSingle(call, 2)
            && Quantization.isSingle(call, 3)
            && Quantization.isSingle(call, 4);
    return typed
        && single
        && (isQuantized(from) || from == ElementType.FLOAT)
        && (isQuantized(to) || to == ElementType.FLOAT)
        && call.element(1) == ElementType.FLOAT
        && call.shape(0).isStatic()
        && call.outputType().shape().isStatic();
  }

  private static boolean isQuantized(ElementType type) {
    return Quantization.isByte(type) || WideElements.isWide(type);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    boolean requantizes = call.node().opId().name().equals("Requantize");
    QuantParams source =
        call.element(0) == ElementType.FLOAT
            ? null
            : QuantParams.perTensor(
                call.element(0), Quantization.scale(call, 1), Quantization.zero(call, 2));
    int scale = requantizes ? 3 : 1;
    QuantParams target =
        call.outputType().elementType() == ElementType.FLOAT
            ? null
            : Quantization.params(call, scale, scale + 1);
    return new Prepared(source, target, call.outputType());
  }

  private record Prepared(
      @Nullable QuantParams source, @Nullable QuantParams target, TensorType output)
      implements PreparedKernel {
    @Override
    public boolean hasTakenIn(int input) {
      return input > 0;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      int count = Math.toIntExact(output.shape().elementCount());
      WideElements x = WideElements.read(operands.input(0));
      WideElements y = WideElements.write(operands.output(), output.elementType(), count);
      for (int i = 0; i < count; i++) {
        float real =
            source == null
                ? x.real(i)
                : (float) (x.integer(i) - source.zeroPoint(0)) * source.scale(0);
        if (target == null) {
          y.set(i, real);
        } else {
          y.set(i, target.quantize(real, 0));
        }
      }
      y.store(output);
    }
  }
}
