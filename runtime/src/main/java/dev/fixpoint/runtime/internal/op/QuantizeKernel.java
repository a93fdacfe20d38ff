package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;

/** QuantizeLinear, DequantizeLinear and Requantize with one scale, 8-bit against float32. */
final class QuantizeKernel implements Kernel {
  @Override
  public boolean supports(KernelCall call) {
    ElementType from = call.element(0);
    ElementType to = call.outputType().elementType();
    int zero = call.node().opId().name().equals("Requantize") ? 4 : 2;
    boolean single = Quantization.isSingle(call, 1) && Quantization.isSingle(call, 2);
    boolean floatScale = call.element(1) == ElementType.FLOAT;
    boolean conversion =
        (from == ElementType.FLOAT && Quantization.isByte(to))
            || (Quantization.isByte(from) && to == ElementType.FLOAT)
            || (zero == 4 && Quantization.isByte(from) && Quantization.isByte(to));
    return conversion
        && single
        && floatScale
        && Quantization.areConstant(call, 1, 2, 3, 4)
        && (zero == 2 || (Quantization.isSingle(call, 3) && Quantization.isSingle(call, 4)))
        && Buffer.isArrayType(call.type(0))
        && Buffer.isArrayType(call.outputType());
  }

  @Override
  public Layout layout(KernelCall call) {
    return call.inputLayouts().getFirst();
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int count = Math.toIntExact(call.shape(0).elementCount());
    if (call.element(0) == ElementType.FLOAT) {
      return new Quantize(Quantization.output(call, 1, 2), count);
    }
    Affine8 source = Quantization.affine(call, 0, 1, 2);
    return call.outputType().elementType() == ElementType.FLOAT
        ? new Dequantize(source, count)
        : new Requantize(source, Quantization.output(call, 3, 4), count);
  }

  private record Quantize(Affine8 target, int count) implements ElementRuns {
    @Override
    public void run(Buffer x, Buffer y, int from, int length, Scratch scratch) {
      Primitives.of(scratch)
          .int8()
          .quantize(x.floats(), x.offset() + from, y.bytes(), y.offset() + from, length, target);
    }
  }

  private record Dequantize(Affine8 source, int count) implements ElementRuns {
    @Override
    public void run(Buffer x, Buffer y, int from, int length, Scratch scratch) {
      Primitives.of(scratch)
          .int8()
          .dequantize(x.bytes(), x.offset() + from, source, y.floats(), y.offset() + from, length);
    }
  }

  private record Requantize(Affine8 source, Affine8 target, int count) implements ElementRuns {
    @Override
    public void run(Buffer x, Buffer y, int from, int length, Scratch scratch) {
      Primitives.of(scratch)
          .int8()
          .requantize(
              x.bytes(),
              x.offset() + from,
              source,
              y.bytes(),
              y.offset() + from,
              target,
              length,
              scratch);
    }
  }
}
