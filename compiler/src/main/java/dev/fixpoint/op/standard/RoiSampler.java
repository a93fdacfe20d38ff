package dev.fixpoint.op.standard;

import dev.fixpoint.tensor.Tensor;

/** The samples of one bin of RoiAlign: four corners and their weights each. */
final class RoiSampler {
  private static final int CORNERS = 4;

  private final double[] x;
  private final int height;
  private final int width;
  private final boolean largest;
  private int[] corners = new int[0];
  private double[] weights = new double[0];

  RoiSampler(Tensor x, boolean largest) {
    this.x = x.toDoubles();
    this.height = x.shape().intSize(2);
    this.width = x.shape().intSize(3);
    this.largest = largest;
    if (height == 0 || width == 0) {
      throw new IllegalArgumentException("X is " + x.shape() + ", which has no elements");
    }
  }

  /** Moves to a bin. */
  void moveTo(RoiBins bins, int row, int column) {
    int samples = bins.rows() * bins.columns();
    corners = new int[samples * CORNERS];
    weights = new double[samples * CORNERS];
    for (int i = 0; i < samples; i++) {
      int rowInBin = i / bins.columns();
      double down = (rowInBin + 0.5) / bins.rows();
      double right = (i % bins.columns() + 0.5) / bins.columns();
      place(
          i * CORNERS,
          bins.top() + (row + down) * bins.height(),
          bins.left() + (column + right) * bins.width());
    }
  }

  /** A sample more than one element outside X is zero. */
  private void place(int at, double row, double column) {
    if (!(row >= -1 && row <= height && column >= -1 && column <= width)) {
      return;
    }
    double y = Math.clamp(row, 0, height - 1);
    double z = Math.clamp(column, 0, width - 1);
    int top = (int) y;
    int left = (int) z;
    int bottom = Math.min(top + 1, height - 1);
    int right = Math.min(left + 1, width - 1);
    double down = y - top;
    double across = z - left;
    set(at, top, left, (1 - down) * (1 - across));
    set(at + 1, top, right, (1 - down) * across);
    set(at + 2, bottom, left, down * (1 - across));
    set(at + 3, bottom, right, down * across);
  }

  private void set(int at, int row, int column, double weight) {
    corners[at] = row * width + column;
    weights[at] = weight;
  }

  /** The result of the bin in a plane of X. */
  double sample(int plane) {
    int from = plane * height * width;
    double sum = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < corners.length; i++) {
      double value = weights[i] * x[from + corners[i]];
      sum += value;
      most = Math.max(most, value);
    }
    if (corners.length == 0) {
      return 0;
    }
    return largest ? most : sum / (corners.length / (double) CORNERS);
  }
}
