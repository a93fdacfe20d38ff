package dev.fixpoint.transform.improve;

import dev.fixpoint.transform.weights.PairedMoments;

/**
 * The choice of a scale for the weights of one output channel: minimize {@code w'ᵀ A w' - 2 w'ᵀ b}
 * over scales with plain rounding, then over a factor of the result.
 */
final class ScaleProblem {
  private static final int STEPS = 30;

  private final int size;
  private final double[] squares;
  private final double[] products;

  private ScaleProblem(int size, double[] squares, double... products) {
    this.size = size;
    this.squares = squares;
    this.products = products;
  }

  /**
   * A choice.
   *
   * @param scale the scale
   * @param weights the weights on its grid
   */
  record Choice(float scale, double... weights) {}

  /** The problem of the rows of a group. */
  static ScaleProblem of(PairedMoments moments, int group, int columns, boolean centered) {
    return new ScaleProblem(
        columns, moments.squares(group, centered), moments.products(group, centered));
  }

  /** The best scale for some weights, with the layer's type and zero point. */
  Choice best(double[] wanted, QuantizedLayer layer, int row) {
    double[] linear = linear(wanted);
    double plain = layer.scale(row);
    double[] codes = codes(wanted, plain, layer, row);
    double scale = plain;
    double least = Double.POSITIVE_INFINITY;
    double bestSquare = 0;
    double bestProduct = 0;
    for (int step = 0; step <= STEPS; step++) {
      double tried = plain * (1 - 0.01 * step);
      double[] rounded = codes(wanted, tried, layer, row);
      double square = square(rounded) * tried * tried;
      double product = dot(rounded, linear) * tried;
      if (square - 2 * product < least) {
        least = square - 2 * product;
        codes = rounded;
        scale = tried;
        bestSquare = square;
        bestProduct = product;
      }
    }
    boolean useful = bestSquare > 0 && bestProduct > 0;
    float chosen = (float) (useful ? scale * bestProduct / bestSquare : scale);
    for (int k = 0; k < size; k++) {
      codes[k] *= chosen;
    }
    return new Choice(chosen, codes);
  }

  private double[] linear(double[] weights) {
    double[] linear = new double[size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        linear[j] += weights[i] * products[i * size + j];
      }
    }
    return linear;
  }

  private double[] codes(double[] weights, double scale, QuantizedLayer layer, int row) {
    double[] codes = new double[size];
    for (int k = 0; k < size; k++) {
      codes[k] = Math.clamp(Math.rint(weights[k] / scale), layer.lowest(row), layer.highest(row));
    }
    return codes;
  }

  private double square(double[] codes) {
    double total = 0;
    for (int i = 0; i < size; i++) {
      double sum = 0;
      for (int j = 0; j < size; j++) {
        sum += squares[i * size + j] * codes[j];
      }
      total += codes[i] * sum;
    }
    return total;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
