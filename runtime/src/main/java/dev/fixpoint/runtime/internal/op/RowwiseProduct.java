package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Kernels;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A product of float rows, each quantized by its own range, with packed bytes. All rows of a unit
 * are multiplied at once as if their zero points were 0, and what the zero points add is subtracted
 * afterwards, both exactly; where float32 cannot hold those sums, row by row.
 *
 * @param geometry a matrix
 * @param scales scale of each column of the right side
 * @param bias what is added to each column, or null
 */
record RowwiseProduct(
    RowwiseProductKernel.Packed packed,
    ConvGeometry geometry,
    float[] scales,
    float @Nullable [] bias,
    Activation activation)
    implements PreparedKernel {
  private static final int ROWS = 16;
  private static final float LEVELS = 255;

  private boolean cutsRows() {
    return ConvShapes.cutsRows(geometry);
  }

  @Override
  public int units() {
    return cutsRows() ? Math.ceilDiv(geometry.outRows(), ROWS) : packed.weights().blocks();
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
  public boolean isPacked(int input) {
    return input == 1;
  }

  @Override
  public long packedBytes() {
    return packed.weights().bytes();
  }

  @Override
  public void execute(Operands operands, int first, int end, Scratch scratch) {
    State state = operands.derived() instanceof State known ? known : derive(operands);
    boolean rows = cutsRows();
    int firstRow = rows ? first * ROWS : 0;
    int endRow = rows ? Math.min(geometry.outRows(), end * ROWS) : geometry.outRows();
    int firstBlock = rows ? 0 : first;
    int endBlock = rows ? packed.weights().blocks() : end;
    for (int row = firstRow; row < endRow; row++) {
      quantize(operands, row, state, scratch);
    }
    if (packed.isExact()) {
      Buffer y = operands.output();
      multiply(state, 0, state.raw(), y, firstRow, endRow, firstBlock, endBlock, scratch);
    }
    for (int row = firstRow; row < endRow; row++) {
      finish(operands, state, first, row, firstBlock, endBlock, scratch);
    }
  }

  private State derive(Operands operands) {
    int rows = geometry.outRows();
    int depth = geometry.depth();
    Buffer left =
        Buffer.ofBytes(
            new TensorType(ElementType.UINT8, Shape.of(rows, depth)),
            Layout.ROW_MAJOR,
            new byte[rows * depth],
            0);
    float[] ones = new float[scales.length];
    Arrays.fill(ones, 1);
    Epilogue[] own = new Epilogue[packed.isExact() ? 0 : units()];
    for (int i = 0; i < own.length; i++) {
      own[i] =
          bias == null
              ? Epilogue.toFloat(scales, Activation.NONE, Epilogue.Residual.NONE)
              : Epilogue.shifted(scales, bias);
    }
    Epilogue raw = Epilogue.toFloat(ones, Activation.NONE, Epilogue.Residual.NONE);
    State state = new State(left, new int[rows], new float[rows], raw, own);
    operands.derive(state);
    return state;
  }

  /** Quantizes a row of the left side. */
  private void quantize(Operands operands, int row, State state, Scratch scratch) {
    Buffer x = operands.input(0);
    int depth = geometry.depth();
    int from = x.offset() + row * depth;
    float[] extremes = scratch.floats(0, 2);
    extremes[0] = 0;
    extremes[1] = 0;
    Primitives.of(scratch).floats().extremes(x.floats(), from, depth, extremes);
    float scale = (extremes[1] - extremes[0]) / LEVELS;
    int zero = 0;
    if (scale == 0) {
      scale = 1;
    } else {
      zero = (int) Math.clamp(Math.rint(0 - extremes[0] / scale), 0, LEVELS);
    }
    Primitives.of(scratch)
        .int8()
        .quantize(x.floats(), from, state.left().bytes(), row * depth, depth, true, zero, scale);
    state.zeroPoints()[row] = zero;
    state.steps()[row] = scale;
  }

  private void multiply(
      State state,
      int zeroPoint,
      Epilogue epilogue,
      Buffer y,
      int firstRow,
      int endRow,
      int firstBlock,
      int endBlock,
      Scratch scratch) {
    Primitives.of(scratch)
        .int8()
        .product(
            geometry,
            packed.weights(),
            zeroPoint,
            epilogue,
            state.left(),
            y,
            firstRow,
            endRow,
            firstBlock,
            endBlock,
            scratch);
  }

  private void finish(
      Operands operands,
      State state,
      int unit,
      int row,
      int firstBlock,
      int endBlock,
      Scratch scratch) {
    Buffer y = operands.output();
    int columns = scales.length;
    int first = firstBlock * Int8Kernels.COLUMN_BLOCK;
    int count = Math.min(columns, endBlock * Int8Kernels.COLUMN_BLOCK) - first;
    int at = y.offset() + row * columns + first;
    int zeroPoint = state.zeroPoints()[row];
    float step = state.steps()[row];
    if (packed.isExact()) {
      scale(y.floats(), at, first, count, zeroPoint, step);
    } else {
      Epilogue epilogue = state.own()[unit];
      for (int c = 0; c < columns; c++) {
        epilogue.factors()[c] = step * scales[c];
      }
      multiply(state, zeroPoint, epilogue, y, row, row + 1, firstBlock, endBlock, scratch);
    }
    UnaryKernel.activate(activation, y.floats(), at, count);
  }

  /** Makes real numbers of a run of sums that were taken for zero point 0. */
  private void scale(float[] y, int at, int first, int count, float zeroPoint, float rowScale) {
    float[] sums = packed.sums();
    float[] factors = scales;
    if (bias == null) {
      for (int i = 0; i < count; i++) {
        y[at + i] = (y[at + i] - zeroPoint * sums[first + i]) * (rowScale * factors[first + i]);
      }
      return;
    }
    float[] shifts = bias;
    for (int i = 0; i < count; i++) {
      float real = (y[at + i] - zeroPoint * sums[first + i]) * (rowScale * factors[first + i]);
      y[at + i] = real + shifts[first + i];
    }
  }

  /**
   * What belongs to the buffers of one step. Threads write different rows, or the same numbers.
   *
   * @param left the quantized left side
   * @param zeroPoints zero point of each row
   * @param steps scale of each row
   * @param raw stores sums as they are
   * @param own an epilogue of each unit, none where sums are exact in float32
   */
  private record State(
      Buffer left, int[] zeroPoints, float[] steps, Epilogue raw, Epilogue[] own) {}
}
