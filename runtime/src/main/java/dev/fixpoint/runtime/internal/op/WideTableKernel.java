package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.quant.QTable;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;

/** QTable where the values or their images have 16 bits, with one table for all. */
final class WideTableKernel implements Kernel {
  @Override
  public boolean supports(KernelCall call) {
    return WideElements.areAny(call)
        && call.constant(1) != null
        && call.shape(1).rank() == 1
        && call.shape(0).isStatic()
        && call.outputType().shape().isStatic();
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    Tensor table = call.tensor(1);
    long[] longs = table.toLongs();
    int[] entries = new int[longs.length];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = (int) longs[i];
    }
    return new Prepared(entries, QTable.size(call.element(0)) - 1, call.outputType());
  }

  private record Prepared(int[] entries, int mask, TensorType output) implements PreparedKernel {
    @Override
    public boolean hasTakenIn(int input) {
      return input == 1;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      int count = Math.toIntExact(output.shape().elementCount());
      WideElements x = WideElements.read(operands.input(0));
      WideElements y = WideElements.write(operands.output(), output.elementType(), count);
      for (int i = 0; i < count; i++) {
        y.set(i, (long) entries[x.integer(i) & mask]);
      }
      y.store(output);
    }
  }
}
