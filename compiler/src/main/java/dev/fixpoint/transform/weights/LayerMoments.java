package dev.fixpoint.transform.weights;

import dev.fixpoint.ir.Node;
import dev.fixpoint.tensor.Tensor;

/**
 * Second moments of what a layer sums over: {@code A = Σ x xᵀ} over the rows seen, for each group.
 * With it the squared output error of any other weights is known: {@code Σ (w - w')ᵀ A (w - w')}.
 *
 * <p>Where a batch has more rows than a budget allows, rows are taken at even distances.
 */
public final class LayerMoments {
  /** Multiply-accumulates that one batch may cost. */
  private static final long BUDGET = 1L << 29;

  /** What gathering one element of a row costs, in multiply-accumulates. */
  private static final int GATHERING = 64;

  /** Beyond this many columns the moments of one group would take more than 200 MB. */
  static final int MOST_COLUMNS = 5000;

  private final Node node;
  private final WeightMatrix matrix;
  private final double[][] sums;
  private long rows;

  /** Moments of a layer of which nothing has been seen. */
  public LayerMoments(Node node, WeightMatrix matrix) {
    this.node = node;
    this.matrix = matrix;
    this.sums = new double[matrix.groups()][matrix.columns() * matrix.columns()];
  }

  /** Adds the rows of an input of the layer. */
  public void observe(Tensor input) {
    LayerRows source = LayerRows.of(node, matrix, input.shape());
    double[] values = input.toDoubles();
    double[] row = new double[matrix.columns()];
    int step = step(matrix, source.count());
    for (int group = 0; group < matrix.groups(); group++) {
      for (int i = 0; i < source.count(); i += step) {
        source.fill(values, group, i, row);
        add(sums[group], row, row);
      }
    }
    rows += Math.ceilDiv(source.count(), step);
  }

  /** The distance at which rows are taken where there are so many of them. */
  static int step(WeightMatrix matrix, int count) {
    long each = (long) matrix.columns() * (matrix.columns() + GATHERING) * matrix.groups();
    return (int) Math.clamp(Math.ceilDiv(count * each, BUDGET), 1, Math.max(1, count));
  }

  /** Adds {@code a bᵀ}. */
  static void add(double[] sums, double[] a, double[] b) {
    for (int i = 0; i < a.length; i++) {
      double factor = a[i];
      if (factor != 0) {
        int start = i * b.length;
        for (int j = 0; j < b.length; j++) {
          sums[start + j] += factor * b[j];
        }
      }
    }
  }

  /** Number of rows seen of each group. */
  public long rows() {
    return rows;
  }

  /** The moments of a group, row-major. */
  double[] of(int group) {
    return sums[group];
  }

  /**
   * The mean squared difference of the layer's sums under two sets of weights, over the rows seen
   * and the output channels.
   */
  public double meanSquaredError(double[] weights, double[] others) {
    double total = 0;
    for (int r = 0; r < matrix.rows(); r++) {
      double[] difference = matrix.row(weights, r);
      double[] other = matrix.row(others, r);
      for (int k = 0; k < difference.length; k++) {
        difference[k] -= other[k];
      }
      total += form(sums[matrix.group(r)], difference);
    }
    return total / Math.max(1, rows) / matrix.rows();
  }

  /** {@code dᵀ A d}. */
  private static double form(double[] moments, double[] difference) {
    double total = 0;
    for (int i = 0; i < difference.length; i++) {
      double sum = 0;
      int start = i * difference.length;
      for (int j = 0; j < difference.length; j++) {
        sum += moments[start + j] * difference[j];
      }
      total += difference[i] * sum;
    }
    return total;
  }
}
