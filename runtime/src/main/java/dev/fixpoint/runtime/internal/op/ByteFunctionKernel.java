package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of single 8-bit values with constant parameters: the operator is evaluated once on all
 * 256 of them, and looked up.
 */
final class ByteFunctionKernel implements Kernel {
  private static final int VALUES = 256;

  @Override
  public boolean supports(KernelCall call) {
    return call.isArrayCall()
        && Quantization.isByte(call, 0)
        && Quantization.isByte(call.outputType().elementType())
        && Quantization.areConstant(call, 1, 2, 3, 4);
  }

  @Override
  public Layout layout(KernelCall call) {
    return call.inputLayouts().getFirst();
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    byte[] all = new byte[VALUES];
    for (int i = 0; i < VALUES; i++) {
      all[i] = (byte) i;
    }
    List<@Nullable Tensor> inputs = new ArrayList<>();
    inputs.add(Tensor.ofBytes(call.element(0), Shape.of(VALUES), all));
    for (int i = 1; i < call.call().inputCount(); i++) {
      inputs.add(call.constant(i));
    }
    OpCall onAll = OpCall.ofTensors(call.node().attributes(), inputs, 1);
    byte[] table = call.node().op().evaluate(onAll).getFirst().toBytes();
    return new Prepared(table, Math.toIntExact(call.shape(0).elementCount()));
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
