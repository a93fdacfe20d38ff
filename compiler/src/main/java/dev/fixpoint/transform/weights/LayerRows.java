package dev.fixpoint.transform.weights;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.transform.quantize.WeightedOperator;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a layer sums over, row by row: each row of a matrix product, or the window of each output
 * position of a convolution (im2col), zero in the pads. Column order is that of {@link
 * WeightMatrix}.
 */
final class LayerRows {
  private final Node node;
  private final WeightMatrix matrix;
  private final Shape input;
  private final WindowGeometry windows;

  /** For each window, the position in a plane that each tap reads; -1 in the pads. */
  private final List<int[]> offsets;

  private LayerRows(Node node, WeightMatrix matrix, Shape input, WindowGeometry windows) {
    this.node = node;
    this.matrix = matrix;
    this.input = input;
    this.windows = windows;
    this.offsets =
        WeightedOperator.isConvolution(node)
            ? IntStream.range(0, windows.outputCount()).mapToObj(w -> offsets(windows, w)).toList()
            : List.of();
  }

  /** The rows of a layer for inputs of the given shape. */
  static LayerRows of(Node node, WeightMatrix matrix, Shape input) {
    WindowGeometry windows = new WindowGeometry(List.of());
    if (WeightedOperator.isConvolution(node)) {
      int[] kernel = Arrays.copyOfRange(matrix.shape().intSizes(), 2, matrix.shape().rank());
      int[] spatial = Arrays.copyOfRange(input.intSizes(), 2, input.rank());
      windows = WindowGeometry.of(node.attributes(), spatial, kernel).inThreeDimensions();
    }
    return new LayerRows(node, matrix, input, windows);
  }

  /** Number of rows of each group. */
  int count() {
    return WeightedOperator.isConvolution(node)
        ? input.intSize(0) * windows.outputCount()
        : Math.toIntExact(input.elementCount() / matrix.columns());
  }

  /** Writes one row of a group. */
  void fill(double[] values, int group, int index, double[] row) {
    if (WeightedOperator.isConvolution(node)) {
      fillWindow(values, group, index, row);
    } else if (WeightedOperator.isGemm(node) && node.attributes().isSet(WeightedOperator.TRANS_A)) {
      int rows = count();
      for (int k = 0; k < row.length; k++) {
        row[k] = values[k * rows + index];
      }
    } else {
      System.arraycopy(values, index * row.length, row, 0, row.length);
    }
  }

  private void fillWindow(double[] values, int group, int index, double[] row) {
    int perGroup = matrix.shape().intSize(1);
    int channels = input.intSize(1);
    int plane = windows.inputCount();
    int taps = windows.kernelCount();
    int sample = index / windows.outputCount();
    int[] places = offsets.get(index % windows.outputCount());
    for (int c = 0; c < perGroup; c++) {
      int start = (sample * channels + group * perGroup + c) * plane;
      for (int t = 0; t < taps; t++) {
        row[c * taps + t] = places[t] < 0 ? 0 : values[start + places[t]];
      }
    }
  }

  private static int[] offsets(WindowGeometry windows, int window) {
    WindowGeometry.Axis depth = windows.axes().get(0);
    WindowGeometry.Axis height = windows.axes().get(1);
    WindowGeometry.Axis width = windows.axes().get(2);
    int x = window % width.output();
    int y = window / width.output() % height.output();
    int z = window / width.output() / height.output();
    int[] offsets = new int[windows.kernelCount()];
    int t = 0;
    for (int i = 0; i < depth.kernel(); i++) {
      for (int j = 0; j < height.kernel(); j++) {
        for (int k = 0; k < width.kernel(); k++) {
          int at = place(depth, z, i);
          int row = place(height, y, j);
          int column = place(width, x, k);
          offsets[t++] =
              at < 0 || row < 0 || column < 0
                  ? -1
                  : (at * height.input() + row) * width.input() + column;
        }
      }
    }
    return offsets;
  }

  private static int place(WindowGeometry.Axis axis, int window, int tap) {
    int at = axis.start(window) + tap * axis.dilation();
    return at >= axis.input() ? -1 : Math.max(at, -1);
  }
}
