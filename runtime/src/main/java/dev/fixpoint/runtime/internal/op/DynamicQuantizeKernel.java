package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;

/** DynamicQuantizeLinear: to uint8 by the range of the tensor itself, which holds 0. */
final class DynamicQuantizeKernel implements Kernel {
  private static final int OUTPUTS = 3;
  private static final float LEVELS = 255;

  @Override
  public boolean supports(KernelCall call) {
    return call.isArrayCall()
        && call.element(0) == ElementType.FLOAT
        && call.outputTypes().size() == OUTPUTS;
  }

  @Override
  public Layout layout(KernelCall call) {
    return call.inputLayouts().getFirst();
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int count = Math.toIntExact(call.shape(0).elementCount());
    return (operands, _, _, scratch) -> quantize(operands, count, scratch);
  }

  private static void quantize(Operands operands, int count, Scratch scratch) {
    Buffer x = operands.input(0);
    float[] extremes = scratch.floats(0, 2);
    extremes[0] = 0;
    extremes[1] = 0;
    Primitives.of(scratch).floats().extremes(x.floats(), x.offset(), count, extremes);
    float scale = (extremes[1] - extremes[0]) / LEVELS;
    int zero = 0;
    if (scale == 0) {
      scale = 1;
    } else {
      zero = (int) Math.clamp(Math.rint(0 - extremes[0] / scale), 0, LEVELS);
    }
    Buffer y = operands.output();
    Primitives.of(scratch)
        .int8()
        .quantize(x.floats(), x.offset(), y.bytes(), y.offset(), count, true, zero, scale);
    operands.output(1).floats()[operands.output(1).offset()] = scale;
    operands.output(2).bytes()[operands.output(2).offset()] = (byte) zero;
  }
}
