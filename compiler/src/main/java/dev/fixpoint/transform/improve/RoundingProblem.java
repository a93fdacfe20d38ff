package dev.fixpoint.transform.improve;

import dev.fixpoint.transform.weights.PairedMoments;
import dev.fixpoint.transform.weights.SymmetricMatrices;

/**
 * The choice of neighbours on the grid for the weights of one output channel: minimize {@code w'ᵀ A
 * w' - 2 w'ᵀ b} with {@code A = E x' x'ᵀ} and {@code b = E x' x·w}.
 */
final class RoundingProblem {
  /** Share of the mean moment that is added to the diagonal for the first guess. */
  private static final double DAMPENING = 0.01;

  private static final int SWEEPS = 50;

  private final int size;
  private final double[] squares;
  private final double[] products;

  /** Upper Cholesky factor of the inverse of A, dampened; empty where there is none. */
  private final double[] factor;

  private RoundingProblem(int size, double[] squares, double[] products, double... factor) {
    this.size = size;
    this.squares = squares;
    this.products = products;
    this.factor = factor;
  }

  /** The problem of the rows of a group. */
  static RoundingProblem of(PairedMoments moments, int group, int columns, boolean centered) {
    double[] squares = moments.squares(group, centered);
    return new RoundingProblem(
        columns,
        squares,
        moments.products(group, centered),
        SymmetricMatrices.inverseFactor(squares, columns, DAMPENING));
  }

  /** The weights on the grid, as real numbers. */
  double[] solve(double[] weights, double scale, double lowest, double highest) {
    double[] linear = linear(weights);
    double[] nearest = new double[size];
    for (int k = 0; k < size; k++) {
      nearest[k] = Math.clamp(Math.rint(weights[k] / scale), lowest, highest);
    }
    double[] best = turned(nearest, weights, linear, scale, lowest, highest);
    if (factor.length > 0) {
      double[] guess = propagated(weights, linear, scale, lowest, highest);
      double[] other = turned(guess, weights, linear, scale, lowest, highest);
      best = loss(other, linear, scale) < loss(best, linear, scale) ? other : best;
    }
    for (int k = 0; k < size; k++) {
      best[k] *= scale;
    }
    return best;
  }

  /** {@code b = Bᵀ w}. */
  private double[] linear(double[] weights) {
    double[] linear = new double[size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        linear[j] += weights[i] * products[i * size + j];
      }
    }
    return linear;
  }

  /** Column by column, the error of each made up for by those to come. */
  private double[] propagated(
      double[] weights, double[] linear, double scale, double lowest, double highest) {
    double[] codes = new double[size];
    double[] left = target(weights, linear);
    for (int k = 0; k < size; k++) {
      codes[k] = neighbour(left[k] / scale, weights[k] / scale, lowest, highest);
      double error = (left[k] - codes[k] * scale) / factor[k * size + k];
      for (int j = k + 1; j < size; j++) {
        left[j] -= error * factor[k * size + j];
      }
    }
    return codes;
  }

  /** The real weights that fit the quantized inputs best: {@code w + A⁻¹ (b - A w)}, dampened. */
  private double[] target(double[] weights, double[] linear) {
    double[] rest = linear.clone();
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        rest[i] -= squares[i * size + j] * weights[j];
      }
    }
    // A⁻¹ = Uᵀ U for the upper factor U.
    double[] half = new double[size];
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        half[i] += factor[i * size + j] * rest[j];
      }
    }
    double[] target = weights.clone();
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        target[j] += factor[i * size + j] * half[i];
      }
    }
    return target;
  }

  /** Of the two neighbours of a weight, the one nearer to a wish. */
  private static double neighbour(double wish, double weight, double lowest, double highest) {
    return Math.clamp(
        Math.clamp(Math.rint(wish), Math.floor(weight), Math.ceil(weight)), lowest, highest);
  }

  /** Turns single choices while that lessens the loss. */
  private double[] turned(
      double[] start,
      double[] weights,
      double[] linear,
      double scale,
      double lowest,
      double highest) {
    double[] codes = start.clone();
    double[] gradient = gradient(codes, linear, scale);
    boolean changed = true;
    for (int sweep = 0; sweep < SWEEPS && changed; sweep++) {
      changed = false;
      for (int k = 0; k < size; k++) {
        double down = Math.floor(weights[k] / scale);
        double other = codes[k] > down ? down : Math.ceil(weights[k] / scale);
        double step = (other - codes[k]) * scale;
        double change = step * (2 * gradient[k] + step * squares[k * size + k]);
        if (other >= lowest && other <= highest && change < 0) {
          codes[k] = other;
          changed = true;
          for (int j = 0; j < size; j++) {
            gradient[j] += step * squares[k * size + j];
          }
        }
      }
    }
    return codes;
  }

  /** {@code A w' - b}, half of the slope of the loss. */
  private double[] gradient(double[] codes, double[] linear, double scale) {
    double[] gradient = new double[size];
    for (int i = 0; i < size; i++) {
      double sum = 0;
      for (int j = 0; j < size; j++) {
        sum += squares[i * size + j] * codes[j];
      }
      gradient[i] = sum * scale - linear[i];
    }
    return gradient;
  }

  private double loss(double[] codes, double[] linear, double scale) {
    double[] gradient = gradient(codes, linear, scale);
    double loss = 0;
    for (int i = 0; i < size; i++) {
      loss += codes[i] * scale * (gradient[i] - linear[i]);
    }
    return loss;
  }
}
