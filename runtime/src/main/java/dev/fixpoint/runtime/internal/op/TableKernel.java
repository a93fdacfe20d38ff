package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;

/** QTable: a function of 8-bit values, looked up. */
final class TableKernel implements Kernel {
  private static final int RUN = 4096;

  @Override
  public boolean supports(KernelCall call) {
    return call.constant(1) != null && call.isArrayCall() && call.shape(1).rank() == 1;
  }

  @Override
  public Layout layout(KernelCall call) {
    return call.inputLayouts().getFirst();
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    byte[] table = call.tensor(1).toBytes();
    int count = Math.toIntExact(call.shape(0).elementCount());
    return new PreparedKernel() {
      @Override
      public int units() {
        return Math.max(1, Math.ceilDiv(count, RUN));
      }

      @Override
      public boolean hasTakenIn(int input) {
        return input == 1;
      }

      @Override
      public void execute(Operands operands, int first, int end, Scratch scratch) {
        Buffer x = operands.input(0);
        Buffer y = operands.output();
        int from = first * RUN;
        int length = Math.max(0, Math.min(count, end * RUN) - from);
        Primitives.of(call.packed())
            .int8()
            .lookUp(x.bytes(), x.offset() + from, table, y.bytes(), y.offset() + from, length);
      }
    };
  }
}
