package dev.fixpoint.op.standard;

import java.util.List;

/**
 * The sums of a convolution in double: for every window and output channel, over the taps inside
 * the input in the order channel, depth, row, column. The innermost loop runs along a row of
 * windows, so that neighbouring outputs are independent.
 */
final class ConvolutionLoop {
  private final WindowGeometry geometry;
  private final WindowGeometry.Axis depth;
  private final WindowGeometry.Axis rows;
  private final WindowGeometry.Axis columns;
  private final int batch;
  private final int inputChannels;
  private final int outputChannels;
  private final int groups;

  /**
   * A convolution of {@code [batch, inputChannels, …]} with {@code [outputChannels, inputChannels /
   * groups, …]}.
   */
  ConvolutionLoop(
      WindowGeometry geometry, int batch, int inputChannels, int outputChannels, int groups) {
    this.geometry = collapsed(geometry.inThreeDimensions());
    this.depth = this.geometry.axes().get(0);
    this.rows = this.geometry.axes().get(1);
    this.columns = this.geometry.axes().get(2);
    this.batch = batch;
    this.inputChannels = inputChannels;
    this.outputChannels = outputChannels;
    this.groups = groups;
  }

  /** One long row in place of three dimensions, where each window has a single tap of its own. */
  private static WindowGeometry collapsed(WindowGeometry three) {
    if (!three.axes().stream().allMatch(WindowGeometry.Axis::isPointwise)) {
      return three;
    }
    int count = three.inputCount();
    WindowGeometry.Axis row = new WindowGeometry.Axis(count, 1, 1, 1, 0, 0, count);
    return new WindowGeometry(List.of(WindowGeometry.Axis.POINT, WindowGeometry.Axis.POINT, row));
  }

  /** The sums, as {@code [batch, outputChannels, …]}. */
  double[] apply(double[] x, double[] w) {
    int inputPlane = geometry.inputCount();
    int outputPlane = geometry.outputCount();
    int taps = geometry.kernelCount();
    int channelsOfGroup = inputChannels / groups;
    int mapsOfGroup = outputChannels / groups;
    double[] y =
        new double[Math.multiplyExact(Math.multiplyExact(batch, outputChannels), outputPlane)];
    for (int n = 0; n < batch; n++) {
      for (int m = 0; m < outputChannels; m++) {
        int firstChannel = n * inputChannels + m / mapsOfGroup * channelsOfGroup;
        for (int c = 0; c < channelsOfGroup; c++) {
          addPlane(
              x,
              (firstChannel + c) * inputPlane,
              w,
              (m * channelsOfGroup + c) * taps,
              y,
              (n * outputChannels + m) * outputPlane);
        }
      }
    }
    return y;
  }

  private void addPlane(double[] x, int xAt, double[] w, int wAt, double[] y, int yAt) {
    int tap = wAt;
    for (int kz = 0; kz < depth.kernel(); kz++) {
      for (int ky = 0; ky < rows.kernel(); ky++) {
        for (int kx = 0; kx < columns.kernel(); kx++) {
          addTap(x, xAt, w[tap++], kz, ky, kx, y, yAt);
        }
      }
    }
  }

  private void addTap(
      double[] x, int xAt, double weight, int kz, int ky, int kx, double[] y, int yAt) {
    int first = columns.firstWindow(kx);
    int count = columns.endWindow(kx) - first;
    if (count <= 0) {
      return;
    }
    int firstColumn = columns.start(first) + kx * columns.dilation();
    int endDepth = depth.endWindow(kz);
    int endRow = rows.endWindow(ky);
    for (int oz = depth.firstWindow(kz); oz < endDepth; oz++) {
      int iz = depth.start(oz) + kz * depth.dilation();
      for (int oy = rows.firstWindow(ky); oy < endRow; oy++) {
        int iy = rows.start(oy) + ky * rows.dilation();
        int from = xAt + (iz * rows.input() + iy) * columns.input() + firstColumn;
        int to = yAt + (oz * rows.output() + oy) * columns.output() + first;
        addRow(x, from, columns.stride(), weight, y, to, count);
      }
    }
  }

  private static void addRow(
      double[] x, int from, int stride, double weight, double[] y, int to, int count) {
    if (stride == 1) {
      for (int i = 0; i < count; i++) {
        y[to + i] += weight * x[from + i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        y[to + i] += weight * x[from + i * stride];
      }
    }
  }
}
