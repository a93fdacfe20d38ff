package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a function of single elements by its reference semantics, on the elements in the order in
 * which they lie: no layout has to change for it.
 */
final class MappedKernel implements Kernel {
  private static final int RUN = 4096;

  @Override
  public boolean supports(KernelCall call) {
    return call.call().inputCount() == 1
        && call.element(0) == ElementType.FLOAT
        && call.isArrayCall();
  }

  @Override
  public Layout layout(KernelCall call) {
    return call.inputLayouts().getFirst();
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    return new Prepared(call.node(), Math.toIntExact(call.shape(0).elementCount()));
  }

  private record Prepared(Node node, int count) implements PreparedKernel {
    @Override
    public int units() {
      return Math.max(1, Math.ceilDiv(count, RUN));
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      Buffer y = operands.output();
      int from = x.offset() + first * RUN;
      int length = Math.max(0, Math.min(count, end * RUN) - first * RUN);
      float[] values = Arrays.copyOfRange(x.floats(), from, from + length);
      Tensor run = Tensor.ofFloats(Shape.of(length), values);
      OpCall call = OpCall.ofTensors(node.attributes(), List.of(run), 1);
      float[] result = node.op().evaluate(call).getFirst().toFloats();
      System.arraycopy(result, 0, y.floats(), y.offset() + first * RUN, length);
    }
  }
}
