package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import org.jspecify.annotations.Nullable;

/**
 * A function of each row of a float32 matrix, written as it is or as 8-bit integers. Rows go in
 * blocks, so that floats on their way to integers stay in the cache.
 *
 * @param length elements of a row
 * @param scale input with the scale of integers
 * @param target how integers are written; null for floats
 */
record PreparedRows(int rows, int length, int scale, @Nullable Affine8 target, RowFunction function)
    implements PreparedKernel {
  /** Floats of a block, where a row is not longer. */
  private static final int BLOCK = 4096;

  private static final int SLOT = 0;

  /** A function of rows. */
  @FunctionalInterface
  interface RowFunction {
    /** Computes {@code rows} rows from {@code first} on into {@code y[to]} and on. */
    void apply(Operands operands, int first, int rows, float[] y, int to, Scratch scratch);
  }

  /**
   * The function of a call on its last axis.
   *
   * @param scale input with the scale of integers; the zero point is the next
   */
  static PreparedRows of(KernelCall call, int scale, RowFunction function) {
    int length = call.shape(0).intSize(-1);
    boolean isFloat = call.outputType().elementType() == ElementType.FLOAT;
    return new PreparedRows(
        Math.toIntExact(call.shape(0).elementCount() / length),
        length,
        scale,
        isFloat ? null : Quantization.output(call, scale, scale + 1),
        function);
  }

  /** Whether the output of a call is float32, or 8-bit with constant parameters. */
  static boolean hasOutput(KernelCall call, int scale) {
    return Quantization.hasArrayOutput(call)
        && (call.outputType().elementType() == ElementType.FLOAT
            || (Quantization.areConstant(call, scale, scale + 1)
                && Quantization.isSingle(call, scale)
                && Quantization.isSingle(call, scale + 1)));
  }

  @Override
  public int units() {
    return rows;
  }

  @Override
  public boolean hasTakenIn(int input) {
    return target != null && input >= scale;
  }

  @Override
  public void execute(Operands operands, int first, int end, Scratch scratch) {
    Buffer y = operands.output();
    Affine8 integers = target;
    int step = Math.max(1, BLOCK / length);
    for (int row = first; row < end; row += step) {
      int count = Math.min(step, end - row);
      int to = y.offset() + row * length;
      if (integers == null) {
        function.apply(operands, row, count, y.floats(), to, scratch);
      } else {
        float[] reals = scratch.floats(SLOT, count * length);
        function.apply(operands, row, count, reals, 0, scratch);
        Primitives.of(scratch).int8().quantize(reals, 0, y.bytes(), to, count * length, integers);
      }
    }
  }

  /** The sum of a run in double; four at a time, because each addition waits for the last. */
  static double sum(float[] x, int from, int length) {
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
