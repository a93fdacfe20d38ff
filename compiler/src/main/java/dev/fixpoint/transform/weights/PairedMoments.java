package dev.fixpoint.transform.weights;

import dev.fixpoint.ir.Node;
import dev.fixpoint.tensor.Tensor;

/**
 * First and second moments of what a layer sums over in two graphs at once: x in float and x' as
 * quantized. Means are {@code E x} and {@code E x'}, moments {@code E x' x'ᵀ} and {@code E x x'ᵀ},
 * of each group.
 */
public final class PairedMoments {
  private final Node node;
  private final WeightMatrix matrix;
  private final double[][] means;
  private final double[][] quantizedMeans;
  private final double[][] squares;
  private final double[][] products;
  private long rows;

  /**
   * Moments of a layer of which nothing has been seen.
   *
   * @param withSquares whether second moments are wanted, too
   */
  public PairedMoments(Node node, WeightMatrix matrix, boolean withSquares) {
    this.node = node;
    this.matrix = matrix;
    int columns = matrix.columns();
    int pairs = withSquares ? columns * columns : 0;
    this.means = new double[matrix.groups()][columns];
    this.quantizedMeans = new double[matrix.groups()][columns];
    this.squares = new double[matrix.groups()][pairs];
    this.products = new double[matrix.groups()][pairs];
  }

  /** Whether a layer of this form is small enough. */
  public static boolean fits(WeightMatrix matrix) {
    return matrix.columns() <= LayerMoments.MOST_COLUMNS;
  }

  /** Adds the rows of the layer's inputs, which have the same shape. */
  public void observe(Tensor input, Tensor quantizedInput) {
    LayerRows source = LayerRows.of(node, matrix, input.shape());
    double[] values = input.toDoubles();
    double[] quantized = quantizedInput.toDoubles();
    double[] row = new double[matrix.columns()];
    double[] quantizedRow = new double[matrix.columns()];
    int step = LayerMoments.step(matrix, source.count());
    for (int group = 0; group < matrix.groups(); group++) {
      for (int i = 0; i < source.count(); i += step) {
        source.fill(values, group, i, row);
        source.fill(quantized, group, i, quantizedRow);
        add(means[group], row);
        add(quantizedMeans[group], quantizedRow);
        if (squares[group].length > 0) {
          LayerMoments.add(squares[group], quantizedRow, quantizedRow);
          LayerMoments.add(products[group], row, quantizedRow);
        }
      }
    }
    rows += Math.ceilDiv(source.count(), step);
  }

  private static void add(double[] sums, double[] row) {
    for (int i = 0; i < row.length; i++) {
      sums[i] += row[i];
    }
  }

  /** {@code E w·x} for the weights of an output channel. */
  public double mean(int channel, double[] weights) {
    return dot(means[matrix.group(channel)], weights) / Math.max(1, rows);
  }

  /** {@code E w·x'} for the weights of an output channel. */
  public double quantizedMean(int channel, double[] weights) {
    return dot(quantizedMeans[matrix.group(channel)], weights) / Math.max(1, rows);
  }

  /**
   * {@code E x' x'ᵀ}, row-major, about the means where these are taken out.
   *
   * @param centered whether the means are taken out, as where a bias makes up for them
   */
  public double[] squares(int group, boolean centered) {
    return averaged(squares[group], quantizedMeans[group], quantizedMeans[group], centered);
  }

  /** {@code E x x'ᵀ}, row-major: row i belongs to x_i. */
  public double[] products(int group, boolean centered) {
    return averaged(products[group], means[group], quantizedMeans[group], centered);
  }

  private double[] averaged(double[] sums, double[] first, double[] second, boolean centered) {
    double[] average = new double[sums.length];
    double n = Math.max(1, rows);
    int columns = matrix.columns();
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < columns; j++) {
        double mean = centered ? first[i] / n * (second[j] / n) : 0;
        average[i * columns + j] = sums[i * columns + j] / n - mean;
      }
    }
    return average;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
