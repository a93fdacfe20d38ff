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

/**
 * Softmax and QSoftmax along the last axis in float32; the sum of exponentials in double, the
 * exponentials of many rows at once.
 */
final class SoftmaxKernel implements Kernel {
  private static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);
  private static final int SCALE = 1;

  @Override
  public boolean supports(KernelCall call) {
    if (!Buffer.isArrayType(call.type(0))
        || call.element(0) != ElementType.FLOAT
        || !PreparedRows.hasOutput(call, SCALE)) {
      return false;
    }
    Shape shape = call.shape(0);
    long axis = call.get(AXIS);
    return shape.rank() > 0 && shape.elementCount() > 0 && (axis == -1 || axis == shape.rank() - 1);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int length = call.shape(0).intSize(-1);
    return PreparedRows.of(
        call,
        SCALE,
        (operands, first, rows, y, to, scratch) ->
            softmax(operands, first, rows, length, y, to, scratch));
  }

  private static void softmax(
      Operands operands, int first, int rows, int length, float[] y, int to, Scratch scratch) {
    Buffer x = operands.input(0);
    for (int row = 0; row < rows; row++) {
      lower(x.floats(), x.offset() + (first + row) * length, y, to + row * length, length);
    }
    Primitives.of(scratch).floats().map(RealFunction.EXP, y, to, y, to, rows * length, scratch);
    for (int row = 0; row < rows; row++) {
      int start = to + row * length;
      float inverse = (float) (1 / PreparedRows.sum(y, start, length));
      for (int i = start; i < start + length; i++) {
        y[i] *= inverse;
      }
    }
  }

  /** Copies a row less its largest element. */
  private static void lower(float[] x, int from, float[] y, int to, int length) {
    float largest = largest(x, from, length);
    for (int i = 0; i < length; i++) {
      y[to + i] = x[from + i] - largest;
    }
  }

  /** Four at a time, because each comparison waits for the last. */
  private static float largest(float[] x, int from, int length) {
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
}
