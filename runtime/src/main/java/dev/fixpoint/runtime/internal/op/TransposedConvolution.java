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
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/** A transposed convolution of float32 images, ready to run; units are rows of the output. */
final class TransposedConvolution implements PreparedKernel {
  /**
   * How windows lie along an axis.
   *
   * @param kernel taps
   * @param stride distance of windows in the output
   * @param dilation distance of taps
   * @param pad how much of the first window is cut off
   */
  record Axis(int kernel, int stride, int dilation, int pad) {}

  /**
   * What is packed of a node.
   *
   * @param rows weights of each row of the kernel, group by group: columns of the kernel, and
   *     output channels within them
   * @param groups number of groups
   * @param bias bias of each output channel
   * @param epilogue nothing is done to the products of a row
   */
  record Packed(List<PackedWeights> rows, int groups, float[] bias, Epilogue epilogue) {}

  private final Packed packed;
  private final Activation activation;
  private final int[] input;
  private final int[] output;
  private final Axis height;
  private final Axis width;
  private final ConvGeometry[] geometries;

  TransposedConvolution(
      Packed packed, Activation activation, int[] input, int[] output, Axis height, Axis width) {
    this.packed = packed;
    this.activation = activation;
    this.input = input;
    this.output = output;
    this.height = height;
    this.width = width;
    this.geometries = new ConvGeometry[packed.groups()];
    int channels = input[1] / packed.groups();
    int columns = width.kernel() * output[1] / packed.groups();
    for (int g = 0; g < geometries.length; g++) {
      geometries[g] =
          new ConvGeometry(
              1,
              input[3],
              1,
              channels,
              input[1],
              g * channels,
              1,
              1,
              1,
              1,
              1,
              1,
              0,
              0,
              input[3],
              1,
              columns,
              0);
    }
  }

  @Override
  public int units() {
    return output[0] * output[2];
  }

  @Override
  public boolean hasTakenIn(int operand) {
    return operand > 0;
  }

  @Override
  public boolean isPacked(int operand) {
    return operand == 1;
  }

  @Override
  public long packedBytes() {
    return packed.rows().stream().mapToLong(PackedWeights::bytes).sum();
  }

  @Override
  public void execute(Operands operands, int first, int end, Scratch scratch) {
    Buffer[] rows = operands.derived() instanceof Buffer[] made ? made : derive(operands);
    Buffer products = products(scratch);
    Buffer y = operands.output();
    boolean activates = !(activation instanceof Activation.None);
    for (int row = first; row < end; row++) {
      int at = y.offset() + row * output[3] * output[1];
      for (int column = 0; column < output[3]; column++) {
        System.arraycopy(packed.bias(), 0, y.floats(), at + column * output[1], output[1]);
      }
      int image = row / output[2];
      int oy = row % output[2];
      for (int ky = 0; ky < height.kernel(); ky++) {
        int distance = oy + height.pad() - ky * height.dilation();
        int iy = Math.floorDiv(distance, height.stride());
        if (iy >= 0 && iy < input[2] && iy * height.stride() == distance) {
          addRow(rows[image * input[2] + iy], ky, products, y.floats(), at, scratch);
        }
      }
      for (int i = at; activates && i < at + output[3] * output[1]; i++) {
        y.floats()[i] = activation.applyFloat(y.floats()[i]);
      }
    }
  }

  private void addRow(Buffer x, int ky, Buffer products, float[] y, int at, Scratch scratch) {
    int columns = output[1] / packed.groups();
    for (int g = 0; g < packed.groups(); g++) {
      PackedWeights weights = packed.rows().get(g * height.kernel() + ky);
      Primitives.of(scratch)
          .floats()
          .convolve(
              geometries[g],
              weights,
              packed.epilogue(),
              x,
              products,
              null,
              0,
              input[3],
              0,
              weights.blocks(),
              scratch);
      for (int ix = 0; ix < input[3]; ix++) {
        for (int kx = 0; kx < width.kernel(); kx++) {
          int ox = ix * width.stride() - width.pad() + kx * width.dilation();
          if (ox >= 0 && ox < output[3]) {
            int from = (ix * width.kernel() + kx) * columns;
            add(products.floats(), from, y, at + ox * output[1] + g * columns, columns);
          }
        }
      }
    }
  }

  private static void add(float[] x, int from, float[] y, int to, int count) {
    for (int c = 0; c < count; c++) {
      y[to + c] += x[from + c];
    }
  }

  /** A buffer for the products of one input row, kept from run to run. */
  private Buffer products(Scratch scratch) {
    int count = input[3] * width.kernel() * output[1] / packed.groups();
    long key = System.identityHashCode(this) | 1L << 62;
    if (scratch.kept(key) instanceof Buffer known && known.count() == count) {
      return known;
    }
    TensorType type = TensorType.of(ElementType.FLOAT, count);
    Buffer made = Buffer.ofFloats(type, Layout.ROW_MAJOR, new float[count], 0);
    scratch.keep(key, made);
    return made;
  }

  private Buffer[] derive(Operands operands) {
    Buffer x = operands.input(0);
    int length = input[3] * input[1];
    TensorType type = TensorType.of(ElementType.FLOAT, length);
    Buffer[] rows = new Buffer[input[0] * input[2]];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Buffer.ofFloats(type, Layout.ROW_MAJOR, x.floats(), x.offset() + row * length);
    }
    operands.derive(rows);
    return rows;
  }
}
