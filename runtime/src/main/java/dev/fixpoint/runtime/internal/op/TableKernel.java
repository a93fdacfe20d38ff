package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;

/** QTable: a function of 8-bit values, looked up. */
final class TableKernel implements Kernel {
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
    return new Prepared(call.tensor(1).toBytes(), Math.toIntExact(call.shape(0).elementCount()));
  }

  private record Prepared(byte[] table, int count) implements ElementRuns {
    @Override
    public void run(Buffer x, Buffer y, int from, int length, Scratch scratch) {
      Primitives.of(scratch)
          .int8()
          .lookUp(x.bytes(), x.offset() + from, table, y.bytes(), y.offset() + from, length);
    }
  }
}
