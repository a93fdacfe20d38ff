package dev.fixpoint.op.standard;

/**
 * The sums of a transposed convolution in double: each element of X is spread over the result
 * through the taps, in the order channel, depth, row, column of taps.
 */
final class TransposedLoop {
  private final WindowGeometry windows;
  private final WindowGeometry.Axis depth;
  private final WindowGeometry.Axis rows;
  private final WindowGeometry.Axis columns;
  private final int batch;
  private final int inputChannels;
  private final int outputChannels;
  private final int groups;

  /** A convolution of {@code [batch, inputChannels, …]} whose windows lie on the result. */
  TransposedLoop(
      WindowGeometry windows, int batch, int inputChannels, int outputChannels, int groups) {
    this.windows = windows.inThreeDimensions();
    this.depth = this.windows.axes().get(0);
    this.rows = this.windows.axes().get(1);
    this.columns = this.windows.axes().get(2);
    this.batch = batch;
    this.inputChannels = inputChannels;
    this.outputChannels = outputChannels;
    this.groups = groups;
  }

  /** The sums of X with {@code w[inputChannels, outputChannels / groups, …]}. */
  double[] apply(double[] x, double[] w) {
    int xPlane = windows.outputCount();
    int yPlane = windows.inputCount();
    int taps = windows.kernelCount();
    int mapsOfGroup = outputChannels / groups;
    int channelsOfGroup = inputChannels / groups;
    double[] y = new double[Math.multiplyExact(Math.multiplyExact(batch, outputChannels), yPlane)];
    for (int n = 0; n < batch; n++) {
      for (int c = 0; c < inputChannels; c++) {
        int firstMap = n * outputChannels + c / channelsOfGroup * mapsOfGroup;
        for (int m = 0; m < mapsOfGroup; m++) {
          int xAt = (n * inputChannels + c) * xPlane;
          addPlane(x, xAt, w, (c * mapsOfGroup + m) * taps, y, (firstMap + m) * yPlane);
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
    int stride = columns.stride();
    for (int iz = depth.firstWindow(kz); iz < depth.endWindow(kz); iz++) {
      int oz = depth.start(iz) + kz * depth.dilation();
      for (int iy = rows.firstWindow(ky); iy < rows.endWindow(ky); iy++) {
        int oy = rows.start(iy) + ky * rows.dilation();
        int from = xAt + (iz * rows.output() + iy) * columns.output() + first;
        int to = yAt + (oz * rows.input() + oy) * columns.input() + firstColumn;
        for (int i = 0; i < count; i++) {
          y[to + i * stride] += weight * x[from + i];
        }
      }
    }
  }
}
