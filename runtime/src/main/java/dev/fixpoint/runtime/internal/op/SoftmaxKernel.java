package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;

/** Softmax along the last axis in float32; exponentials and their sum in double. */
final class SoftmaxKernel implements Kernel {
  private static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);

  @Override
  public boolean supports(KernelCall call) {
    if (!call.isArrayCall() || call.element(0) != ElementType.FLOAT) {
      return false;
    }
    Shape shape = call.shape(0);
    long axis = call.get(AXIS);
    return shape.rank() > 0 && shape.elementCount() > 0 && (axis == -1 || axis == shape.rank() - 1);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int length = call.shape(0).intSize(-1);
    return new Prepared(Math.toIntExact(call.shape(0).elementCount() / length), length);
  }

  private record Prepared(int rows, int length) implements PreparedKernel {
    @Override
    public int units() {
      return rows;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      Buffer y = operands.output();
      for (int row = first; row < end; row++) {
        softmax(x.floats(), x.offset() + row * length, y.floats(), y.offset() + row * length);
      }
    }

    private void softmax(float[] x, int from, float[] y, int to) {
      float largest = x[from];
      for (int i = 1; i < length; i++) {
        largest = Math.max(largest, x[from + i]);
      }
      double sum = 0;
      for (int i = 0; i < length; i++) {
        double exponential = Math.exp((double) x[from + i] - largest);
        sum += exponential;
        y[to + i] = (float) exponential;
      }
      float inverse = (float) (1 / sum);
      for (int i = 0; i < length; i++) {
        y[to + i] *= inverse;
      }
    }
  }
}
