package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.internal.simd.RealFunction;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;

/** Softmax along the last axis in float32; the sum of exponentials in double. */
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
        softmax(
            x.floats(), x.offset() + row * length, y.floats(), y.offset() + row * length, scratch);
      }
    }

    private void softmax(float[] x, int from, float[] y, int to, Scratch scratch) {
      float largest = largest(x, from);
      for (int i = 0; i < length; i++) {
        y[to + i] = x[from + i] - largest;
      }
      Primitives.of(scratch).floats().map(RealFunction.EXP, y, to, y, to, length, scratch);
      float inverse = (float) (1 / sum(y, to));
      for (int i = 0; i < length; i++) {
        y[to + i] *= inverse;
      }
    }

    /** Four at a time, because each comparison waits for the last. */
    private float largest(float[] x, int from) {
      float a = x[from];
      float b = a;
      float c = a;
      float d = a;
      int i = from;
      for (; i + 3 < from + length; i += 4) {
        a = Math.max(a, x[i]);
        b = Math.max(b, x[i + 1]);
        c = Math.max(c, x[i + 2]);
        d = Math.max(d, x[i + 3]);
      }
      for (; i < from + length; i++) {
        a = Math.max(a, x[i]);
      }
      return Math.max(Math.max(a, b), Math.max(c, d));
    }

    private double sum(float[] x, int from) {
      double a = 0;
      double b = 0;
      double c = 0;
      double d = 0;
      int i = from;
      for (; i + 3 < from + length; i += 4) {
        a += x[i];
        b += x[i + 1];
        c += x[i + 2];
        d += x[i + 3];
      }
      for (; i < from + length; i++) {
        a += x[i];
      }
      return (a + b) + (c + d);
    }
  }
}
