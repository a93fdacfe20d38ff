package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.Int8Kernels;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;

/** FakeQuant with one 8-bit parameter pair: quantizes and dequantizes run by run. */
final class FakeQuantKernel implements Kernel {

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

  private record Prepared(Affine8 target, int count) implements ElementRuns {
    @Override
    public void run(Buffer x, Buffer y, int from, int length, Scratch scratch) {
      byte[] integers = scratch.bytes(0, RUN);
      Int8Kernels kernels = Primitives.of(scratch).int8();
      for (int done = 0; done < length; done += RUN) {
        int piece = Math.min(RUN, length - done);
        int at = from + done;
        kernels.quantize(x.floats(), x.offset() + at, integers, 0, piece, target);
        kernels.dequantize(integers, 0, target, y.floats(), y.offset() + at, piece);
      }
    }
  }
}
