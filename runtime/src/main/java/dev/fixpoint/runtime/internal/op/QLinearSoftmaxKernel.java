package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.quant.QLinearSoftmax;
import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.Shape;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * QLinearSoftmax over runs of neighbouring bytes, by tables of {@code e^(x - largest)} in double,
 * one for each byte that may be the largest. The sum is taken in the order of the operator, so that
 * the bits are its own.
 */
final class QLinearSoftmaxKernel implements Kernel {
  private static final int X_SCALE = 1;
  private static final int X_ZERO = 2;
  private static final int Y_SCALE = 3;
  private static final int Y_ZERO = 4;
  private static final int SINGLE_AXIS = 13;

  @Override
  public boolean supports(KernelCall call) {
    return Buffer.isArrayType(call.type(0))
        && Buffer.isArrayType(call.outputType())
        && Quantization.isByte(call, 0)
        && Quantization.isByte(call.outputType().elementType())
        && Quantization.areConstant(call, X_SCALE, X_ZERO, Y_SCALE, Y_ZERO)
        && Quantization.isSingle(call, X_SCALE)
        && Quantization.isSingle(call, X_ZERO)
        && Quantization.isSingle(call, Y_SCALE)
        && Quantization.isSingle(call, Y_ZERO)
        && Quantization.scale(call, X_SCALE) > 0
        && Float.isFinite(Quantization.scale(call, X_SCALE))
        && call.shape(0).elementCount() > 0
        && call.shape(0).rank() > 0
        && isLast(call);
  }

  /** Whether elements that belong together lie side by side. */
  private static boolean isLast(KernelCall call) {
    return axis(call) == call.shape(0).rank() - 1 || call.get(QLinearSoftmax.OPSET) < SINGLE_AXIS;
  }

  private static int axis(KernelCall call) {
    long axis = call.get(QLinearSoftmax.AXIS);
    return (int) (axis < 0 ? axis + call.shape(0).rank() : axis);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    Shape shape = call.shape(0);
    int length = 1;
    for (int d = axis(call); d < shape.rank(); d++) {
      length *= shape.intSize(d);
    }
    return new Prepared(
        Math.toIntExact(shape.elementCount() / length),
        length,
        Quantization.affine(call, 0, X_SCALE, X_ZERO),
        Quantization.output(call, Y_SCALE, Y_ZERO),
        call.packed().get(call.node(), Tables.class, Tables::new).ofLargest());
  }

  /** The exponentials below each largest integer, made when one is first the largest. */
  private record Tables(AtomicReferenceArray<double[]> ofLargest) {
    Tables() {
      this(new AtomicReferenceArray<>(256));
    }
  }

  /**
   * A call of known shape.
   *
   * @param length elements of a row
   * @param tables exponential of each integer less a largest one, by their distance from the
   *     smallest
   */
  private record Prepared(
      int rows, int length, Affine8 source, Affine8 target, AtomicReferenceArray<double[]> tables)
      implements PreparedKernel {
    @Override
    public int units() {
      return rows;
    }

    @Override
    public boolean isInteger() {
      return true;
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input > 0;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      Buffer y = operands.output();
      float[] reals = scratch.floats(0, length);
      for (int row = first; row < end; row++) {
        softmax(x.bytes(), x.offset() + row * length, reals);
        int to = y.offset() + row * length;
        Primitives.of(scratch).int8().quantize(reals, 0, y.bytes(), to, length, target);
      }
    }

    private void softmax(byte[] x, int from, float[] y) {
      // Signed bytes are made unsigned ones in the same order.
      int flip = source.unsigned() ? 0 : 0x80;
      int largest = 0;
      for (int i = from; i < from + length; i++) {
        largest = Math.max(largest, (x[i] & 0xff) ^ flip);
      }
      double[] exponentials = table(largest);
      double sum = 0;
      for (int i = from; i < from + length; i++) {
        sum += exponentials[(x[i] & 0xff) ^ flip];
      }
      for (int i = 0; i < length; i++) {
        y[i] = (float) (exponentials[(x[from + i] & 0xff) ^ flip] / sum);
      }
    }

    private double[] table(int largest) {
      double[] known = tables.get(largest);
      if (known != null) {
        return known;
      }
      double[] made = new double[largest + 1];
      int low = source.low();
      double top = source.real((byte) (low + largest));
      for (int i = 0; i <= largest; i++) {
        made[i] = Math.exp(source.real((byte) (low + i)) - top);
      }
      tables.set(largest, made);
      return made;
    }
  }
}
