package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
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

  private record Prepared(Node node, int count) implements ElementRuns {
    @Override
    public void run(Buffer x, Buffer y, int from, int length, Scratch scratch) {
      int at = x.offset() + from;
      float[] values = Arrays.copyOfRange(x.floats(), at, at + length);
      Tensor run = Tensor.ofFloats(Shape.of(length), values);
      OpCall call = OpCall.ofTensors(node.attributes(), List.of(run), 1);
      float[] result = node.op().evaluate(call).getFirst().toFloats();
      System.arraycopy(result, 0, y.floats(), y.offset() + from, length);
    }
  }
}
