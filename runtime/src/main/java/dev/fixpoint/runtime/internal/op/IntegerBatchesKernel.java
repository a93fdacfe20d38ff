package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.Primitives;
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
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * MatMulInteger of two computed operands, batch by batch: exact int32 sums, so few products at a
 * time that float32 holds them. What the left side's zero points add is taken off afterwards.
 */
final class IntegerBatchesKernel implements Kernel {
  private static final int B = 1;
  private static final int A_ZERO = 2;
  private static final int B_ZERO = 3;

  @Override
  public boolean supports(KernelCall call) {
    return Quantization.isByte(call, 0)
        && Quantization.isByte(call, B)
        && BatchShapes.areSupported(call, B)
        && call.shape(0).size(-1) <= IntegerSumsKernel.LONGEST_DEPTH
        && (!call.has(A_ZERO)
            || isVector(call, A_ZERO, 1)
            || IntegerSumsKernel.isForEachRow(call, A_ZERO))
        && (!call.has(B_ZERO)
            || isVector(call, B_ZERO, 1)
            || isVector(call, B_ZERO, call.shape(B).size(-1)));
  }

  private static boolean isVector(KernelCall call, int input, long count) {
    Shape shape = call.shape(input);
    return Buffer.isArrayType(call.type(input))
        && shape.rank() <= 1
        && shape.elementCount() == count;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    return new Prepared(
        BatchShapes.of(call, B),
        call.element(0) == ElementType.UINT8,
        call.element(B) == ElementType.UINT8,
        call.outputType());
  }

  private record Prepared(
      BatchShapes shapes, boolean leftUnsigned, boolean rightUnsigned, TensorType output)
      implements PreparedKernel {
    @Override
    public boolean isInteger() {
      return true;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      State state = operands.derived() instanceof State known ? known : derive(operands);
      Buffer zeros = operands.inputOrNull(B_ZERO);
      for (int c = 0; zeros != null && c < shapes.columns(); c++) {
        state.zeros()[c] = integer(zeros, zeros.count() == 1 ? 0 : c);
      }
      int[] y = new int[shapes.batches() * shapes.rows() * shapes.columns()];
      for (int batch = 0; batch < shapes.batches(); batch++) {
        for (int i = 0; i < state.slices().length; i++) {
          multiply(operands, state, batch, i, y, scratch);
        }
        takeOff(operands, state, batch, y);
      }
      operands.output().set(Tensor.of(output, MemorySegment.ofArray(y)));
    }

    /** Adds the products of a slice of the depth. */
    private void multiply(
        Operands operands, State state, int batch, int index, int[] y, Scratch scratch) {
      Slice slice = state.slices()[index];
      Buffer a = operands.input(0);
      int depth = slice.right()[batch].depth();
      int from = a.offset() + shapes.left()[batch] + index * IntegerSumsKernel.EXACT_DEPTH;
      for (int row = 0; row < shapes.rows(); row++) {
        int at = from + row * shapes.depth();
        System.arraycopy(a.bytes(), at, slice.left().bytes(), row * depth, depth);
      }
      Primitives.of(scratch)
          .int8()
          .multiply(
              shapes.rows(),
              slice.right()[batch],
              state.raw(),
              slice.left(),
              state.sums(),
              scratch);
      float[] sums = state.sums().floats();
      int count = shapes.rows() * shapes.columns();
      for (int i = 0; i < count; i++) {
        y[batch * count + i] += (int) sums[i];
      }
    }

    /** Takes off what the left side's zero points have added. */
    private void takeOff(Operands operands, State state, int batch, int[] y) {
      Buffer zeros = operands.inputOrNull(A_ZERO);
      if (zeros == null) {
        return;
      }
      int[] columnSums = columnSums(operands.input(B), state, batch);
      int columns = shapes.columns();
      for (int row = 0; row < shapes.rows(); row++) {
        int zero = integer(zeros, zeros.count() == 1 ? 0 : row);
        int at = (batch * shapes.rows() + row) * columns;
        for (int c = 0; zero != 0 && c < columns; c++) {
          y[at + c] -= zero * columnSums[c];
        }
      }
    }

    private int[] columnSums(Buffer b, State state, int batch) {
      int[] sums = state.columnSums();
      int columns = shapes.columns();
      for (int c = 0; c < columns; c++) {
        sums[c] = -shapes.depth() * state.zeros()[c];
      }
      int mask = rightUnsigned ? 0xff : -1;
      int at = b.offset() + shapes.right()[batch];
      for (int k = 0; k < shapes.depth(); k++, at += columns) {
        for (int c = 0; c < columns; c++) {
          sums[c] += b.bytes()[at + c] & mask;
        }
      }
      return sums;
    }

    private static int integer(Buffer buffer, int index) {
      byte stored = buffer.bytes()[buffer.offset() + index];
      return buffer.isUnsigned() ? stored & 0xff : stored;
    }

    private State derive(Operands operands) {
      int step = IntegerSumsKernel.EXACT_DEPTH;
      int columns = shapes.columns();
      int[] zeros = new int[columns];
      Slice[] slices = new Slice[Math.ceilDiv(shapes.depth(), step)];
      for (int i = 0; i < slices.length; i++) {
        slices[i] = slice(operands, i * step, Math.min(step, shapes.depth() - i * step), zeros);
      }
      float[] ones = new float[columns];
      Arrays.fill(ones, 1);
      TensorType type = TensorType.of(ElementType.FLOAT, shapes.rows(), columns);
      State state =
          new State(
              slices,
              zeros,
              new int[columns],
              Buffer.ofFloats(type, Layout.ROW_MAJOR, new float[shapes.rows() * columns], 0),
              Epilogue.toFloat(ones, Activation.NONE, Epilogue.Residual.NONE));
      operands.derive(state);
      return state;
    }

    private Slice slice(Operands operands, int from, int depth, int[] zeros) {
      Buffer b = operands.input(B);
      int columns = shapes.columns();
      int[] noBias = new int[columns];
      Int8Weights[] right = new Int8Weights[shapes.batches()];
      for (int batch = 0; batch < right.length; batch++) {
        int at = b.offset() + shapes.right()[batch] + from * columns;
        right[batch] =
            new Int8Weights(
                b.bytes(),
                at,
                1,
                columns,
                columns,
                depth,
                rightUnsigned,
                zeros,
                noBias,
                leftUnsigned,
                0);
      }
      ElementType type = leftUnsigned ? ElementType.UINT8 : ElementType.INT8;
      byte[] left = new byte[shapes.rows() * depth];
      TensorType rows = TensorType.of(type, shapes.rows(), depth);
      return new Slice(Buffer.ofBytes(rows, Layout.ROW_MAJOR, left, 0), right);
    }
  }

  /**
   * A stretch of the depth.
   *
   * @param left that of the left side, row by row
   * @param right that of the right side, for each batch
   */
  private record Slice(Buffer left, Int8Weights[] right) {}

  /**
   * What belongs to the buffers of one step.
   *
   * @param zeros zero point of each column, which the right sides read
   * @param columnSums sum of each column, its zero point subtracted
   * @param sums sums of one slice
   */
  private record State(Slice[] slices, int[] zeros, int[] columnSums, Buffer sums, Epilogue raw) {}
}
