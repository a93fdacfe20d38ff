package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.LayoutChange;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;

/**
 * The step that the planner inserts where a value is wanted in another layout.
 *
 * @param change the copy
 * @param isFloat whether elements are float32 rather than bytes
 */
public record LayoutKernel(LayoutChange change, boolean isFloat) implements PreparedKernel {
  /** The step for a type. */
  public static LayoutKernel of(TensorType type, Layout from, Layout to) {
    return new LayoutKernel(
        LayoutChange.of(type.shape(), from, to), type.elementType() == ElementType.FLOAT);
  }

  @Override
  public void execute(Operands operands, int first, int end, Scratch scratch) {
    Buffer x = operands.input(0);
    Buffer y = operands.output();
    if (isFloat) {
      change.move(x.floats(), x.offset(), y.floats(), y.offset());
    } else {
      change.move(x.bytes(), x.offset(), y.bytes(), y.offset());
    }
  }
}
