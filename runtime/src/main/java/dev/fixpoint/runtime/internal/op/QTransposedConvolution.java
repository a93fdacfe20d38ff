package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Kernels;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * A transposed convolution of 8-bit images, ready to run: each phase is convolved into memory of
 * its own and spread over the output. Units are rows of the output.
 */
final class QTransposedConvolution implements PreparedKernel {
  /**
   * What is packed for one phase of both axes.
   *
   * @param groups packed weights of each group; of a depthwise convolution only one
   * @param isDepthwise whether each group has one input channel
   * @param epilogue what is done to accumulators
   */
  record Part(List<PackedWeights> groups, boolean isDepthwise, Epilogue epilogue) {}

  /**
   * What is packed of a node.
   *
   * @param parts phases, those of one row one beside the other
   * @param groups number of groups
   */
  record Packed(List<Part> parts, int groups) {}

  private final Packed packed;
  private final int[] output;
  private final List<OutputPhase> rows;
  private final List<OutputPhase> columns;
  private final boolean kept;
  private final List<List<ConvGeometry>> geometries = new ArrayList<>();
  private final int height;
  private final int width;
  private final int channels;
  private final int largest;

  /**
   * Makes a kernel ready.
   *
   * @param input shape of the input, channels second
   * @param output shape of the output, channels second
   * @param kept whether the weights lie packed in the store of the session
   */
  QTransposedConvolution(
      Packed packed,
      int[] input,
      int[] output,
      List<OutputPhase> rows,
      List<OutputPhase> columns,
      boolean kept) {
    this.packed = packed;
    this.output = output;
    this.rows = rows;
    this.columns = columns;
    this.kept = kept;
    this.channels = output[1];
    this.width = output[output.length - 1];
    this.height = output.length == 4 ? output[2] : 1;
    int most = 0;
    for (OutputPhase row : rows) {
      for (OutputPhase column : columns) {
        ConvGeometry g = geometry(input, output, packed.groups(), row, column);
        List<ConvGeometry> each = new ArrayList<>();
        for (int i = 0; i < packed.groups(); i++) {
          each.add(g.group(i, channels / packed.groups()));
        }
        geometries.add(each);
        most = Math.max(most, Math.multiplyExact(g.outRows() * g.outWidth(), channels));
      }
    }
    this.largest = most;
  }

  /** The convolution of one phase of both axes over the first group. */
  static ConvGeometry geometry(
      int[] input, int[] output, int groups, OutputPhase row, OutputPhase column) {
    return new ConvGeometry(
        input[0],
        input.length == 4 ? input[2] : 1,
        input[input.length - 1],
        input[1] / groups,
        input[1],
        0,
        row.kernel(),
        column.kernel(),
        1,
        1,
        row.dilation(),
        column.dilation(),
        row.pad(),
        column.pad(),
        row.computed(),
        column.computed(),
        output[1],
        0);
  }

  @Override
  public int units() {
    return output[0] * height;
  }

  @Override
  public boolean isInteger() {
    return true;
  }

  @Override
  public boolean hasTakenIn(int operand) {
    return operand > 0;
  }

  @Override
  public boolean isPacked(int operand) {
    return kept && operand == 3;
  }

  @Override
  public long packedBytes() {
    return packed.parts().stream()
        .flatMap(part -> part.groups().stream())
        .mapToLong(PackedWeights::bytes)
        .sum();
  }

  @Override
  public void execute(Operands operands, int first, int end, Scratch scratch) {
    Buffer y = operands.output();
    Buffer made = made(y.type().elementType(), scratch);
    for (int image = first / height; image * height < end; image++) {
      int from = Math.max(0, first - image * height);
      int to = Math.min(height, end - image * height);
      for (int py = 0; py < rows.size(); py++) {
        OutputPhase row = rows.get(py);
        int begin = Math.ceilDiv(Math.max(0, from - row.first()), row.stride());
        int stop = Math.ceilDiv(Math.max(0, to - row.first()), row.stride());
        for (int px = 0; px < columns.size(); px++) {
          if (begin >= stop || columns.get(px).count() == 0) {
            continue;
          }
          int part = py * columns.size() + px;
          int start = image * row.computed() + row.skip();
          convolve(part, operands.input(0), made, start + begin, start + stop, scratch);
          for (int t = begin; t < stop; t++) {
            int at = (image * height + row.first() + t * row.stride()) * width;
            spread(made, start + t, columns.get(px), y, at);
          }
        }
      }
    }
  }

  private void convolve(
      int index, Buffer x, Buffer made, int firstRow, int endRow, Scratch scratch) {
    Part part = packed.parts().get(index);
    List<ConvGeometry> groups = geometries.get(index);
    Int8Kernels int8 = Primitives.of(scratch).int8();
    if (part.isDepthwise()) {
      int8.depthwise(
          groups.getFirst(),
          part.groups().getFirst(),
          part.epilogue(),
          x,
          made,
          null,
          firstRow,
          endRow,
          scratch);
      return;
    }
    for (int i = 0; i < groups.size(); i++) {
      PackedWeights weights = part.groups().get(i);
      int8.convolve(
          groups.get(i),
          weights,
          part.epilogue(),
          x,
          made,
          null,
          firstRow,
          endRow,
          0,
          weights.blocks(),
          scratch);
    }
  }

  /** Moves the pixels of a row of one phase to where they belong. */
  private void spread(Buffer made, int row, OutputPhase column, Buffer y, int at) {
    int from = (row * column.computed() + column.skip()) * channels;
    for (int t = 0; t < column.count(); t++) {
      int to = y.offset() + (at + column.first() + t * column.stride()) * channels;
      if (y.type().elementType() == ElementType.FLOAT) {
        System.arraycopy(made.floats(), from + t * channels, y.floats(), to, channels);
      } else {
        System.arraycopy(made.bytes(), from + t * channels, y.bytes(), to, channels);
      }
    }
  }

  /** A buffer for the largest phase, kept from run to run. */
  private Buffer made(ElementType element, Scratch scratch) {
    long key = System.identityHashCode(this) | 1L << 61;
    if (scratch.kept(key) instanceof Buffer known
        && known.count() == largest
        && known.type().elementType() == element) {
      return known;
    }
    TensorType type = TensorType.of(element, largest);
    Buffer buffer =
        element == ElementType.FLOAT
            ? Buffer.ofFloats(type, Layout.ROW_MAJOR, new float[largest], 0)
            : Buffer.ofBytes(type, Layout.ROW_MAJOR, new byte[largest], 0);
    scratch.keep(key, buffer);
    return buffer;
  }
}
