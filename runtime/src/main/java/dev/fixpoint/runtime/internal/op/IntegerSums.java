package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Exact int32 sums of products of bytes, slice by slice of the input channels, so few of them at a
 * time that float32 holds their sums.
 *
 * @param whole the geometry of the first group over all channels
 * @param channelsFirst whether images have their channels outside
 * @param zeroOfRow whether each row of a left matrix has its own zero point
 * @param columnSums sum of the weights of each column
 */
record IntegerSums(
    List<Slice> slices,
    ConvGeometry whole,
    TensorType output,
    boolean channelsFirst,
    boolean zeroOfRow,
    int[] columnSums)
    implements PreparedKernel {
  private static final int ZERO = 2;

  /**
   * The weights of some input channels of a group.
   *
   * @param isFirst whether these are the first channels of the group
   */
  record Slice(ConvGeometry geometry, PackedWeights weights, boolean isFirst) {}

  /**
   * What belongs to the buffers of one step.
   *
   * @param x the input with its channels inside
   * @param sums sums of one slice of each group
   */
  private record State(Buffer x, Buffer sums, Epilogue raw) {}

  @Override
  public boolean isInteger() {
    return true;
  }

  @Override
  public boolean hasTakenIn(int input) {
    return input == 1 || input == 3;
  }

  @Override
  public boolean isPacked(int input) {
    return input == 1;
  }

  @Override
  public long packedBytes() {
    return slices.stream().mapToLong(slice -> slice.weights().bytes()).sum();
  }

  @Override
  public void execute(Operands operands, int first, int end, Scratch scratch) {
    State state = operands.derived() instanceof State known ? known : derive(operands);
    if (channelsFirst) {
      moveChannelsInside(operands.input(0), state.x().bytes());
    }
    Buffer zeros = operands.inputOrNull(ZERO);
    int zero = zeros == null || zeroOfRow ? 0 : integer(zeros, 0);
    int columns = columnSums.length;
    int[] y = new int[Math.toIntExact(output.shape().elementCount())];
    for (Slice slice : slices) {
      ConvGeometry g = slice.geometry();
      Primitives.of(scratch)
          .int8()
          .product(
              g,
              slice.weights(),
              zero,
              state.raw(),
              state.x(),
              state.sums(),
              0,
              g.outRows(),
              0,
              slice.weights().blocks(),
              scratch);
      add(state.sums().floats(), g.outChannel(), slice.weights().columns(), y);
    }
    for (int row = 0; zeroOfRow && zeros != null && row < y.length / columns; row++) {
      int of = integer(zeros, row % zeros.count());
      for (int c = 0; c < columns; c++) {
        y[row * columns + c] -= of * columnSums[c];
      }
    }
    operands.output().set(Tensor.of(output, MemorySegment.ofArray(y)));
  }

  private static int integer(Buffer buffer, int index) {
    byte stored = buffer.bytes()[buffer.offset() + index];
    return buffer.isUnsigned() ? stored & 0xff : stored;
  }

  private State derive(Operands operands) {
    float[] ones = new float[columnSums.length];
    Arrays.fill(ones, 1);
    int pixels = whole.outRows() * whole.outWidth();
    Buffer x = operands.input(0);
    State state =
        new State(
            channelsFirst ? like(x) : x,
            Buffer.ofFloats(
                TensorType.of(ElementType.FLOAT, pixels, ones.length),
                Layout.ROW_MAJOR,
                new float[pixels * ones.length],
                0),
            Epilogue.toFloat(ones, Activation.NONE, Epilogue.Residual.NONE));
    operands.derive(state);
    return state;
  }

  private static Buffer like(Buffer x) {
    return Buffer.ofBytes(x.type(), Layout.ROW_MAJOR, new byte[x.count()], 0);
  }

  private void moveChannelsInside(Buffer x, byte[] to) {
    int channels = whole.inPitch();
    int plane = whole.inHeight() * whole.inWidth();
    int at = x.offset();
    for (int n = 0; n < whole.batch(); n++) {
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < plane; p++) {
          to[(n * plane + p) * channels + c] = x.bytes()[at++];
        }
      }
    }
  }

  /** Adds the columns of one group. */
  private void add(float[] sums, int firstColumn, int count, int[] y) {
    int columns = columnSums.length;
    int plane = channelsFirst ? whole.outHeight() * whole.outWidth() : 1;
    int pixels = whole.outRows() * whole.outWidth();
    for (int p = 0; p < pixels; p++) {
      int from = p * columns + firstColumn;
      if (!channelsFirst) {
        for (int c = 0; c < count; c++) {
          y[from + c] += (int) sums[from + c];
        }
        continue;
      }
      int to = (p / plane * columns + firstColumn) * plane + p % plane;
      for (int c = 0; c < count; c++) {
        y[to + c * plane] += (int) sums[from + c];
      }
    }
  }
}
