package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;

/** FakeQuant with one 8-bit parameter pair: quantizes and dequantizes run by run. */
final class FakeQuantKernel implements Kernel {
  private static final int RUN = 4096;

  @Override
  public boolean supports(KernelCall call) {
    boolean typed = !call.has(2) || Quantization.isByte(call, 2);
    return typed
        && call.element(0) == ElementType.FLOAT
        && call.element(1) == ElementType.FLOAT
        && Buffer.isArrayType(call.type(0))
        && Quantization.areConstant(call, 1, 2)
        && Quantization.isSingle(call, 1)
        && Quantization.isSingle(call, 2);
  }

  @Override
  public Layout layout(KernelCall call) {
    return call.inputLayouts().getFirst();
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    Affine8 target =
        new Affine8(
            call.element(2) != ElementType.INT8,
            Quantization.zero(call, 2),
            Quantization.scale(call, 1));
    return new Prepared(target, Math.toIntExact(call.shape(0).elementCount()));
  }

  private record Prepared(Affine8 target, int count) implements PreparedKernel {
    @Override
    public int units() {
      return Math.max(1, Math.ceilDiv(count, RUN));
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input > 0;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      Buffer y = operands.output();
      byte[] integers = scratch.bytes(0, RUN);
      for (int run = first; run < end; run++) {
        int from = run * RUN;
        int length = Math.max(0, Math.min(RUN, count - from));
        Primitives.of(scratch)
            .int8()
            .quantize(x.floats(), x.offset() + from, integers, 0, length, target);
        Primitives.of(scratch)
            .int8()
            .dequantize(integers, 0, target, y.floats(), y.offset() + from, length);
      }
    }
  }
}
