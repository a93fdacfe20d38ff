package dev.fixpoint.transform.weights;

import java.util.List;

/**
 * Half-quadratic quantization (H. Badri and A. Shaji, "Half-Quadratic Quantization of Large Machine
 * Learning Models", 2023): parameters of a block that minimize {@code Σ |w - w'|^p} with p = 0.7,
 * which forgives outliers. It needs no data.
 *
 * <p>The norm is split: {@code e = shrink(w - w')} holds the errors to be forgiven, and the
 * parameter is the least-squares fit to {@code w - e}; both are repeated while the penalty grows.
 * For a format with zero points the zero point is fitted first and rounded to an integer, because
 * DequantizeLinear takes no other; then the scale.
 */
final class HalfQuadratic {
  private static final double NORM = 0.7;
  private static final double GROWTH = 1.01;
  private static final double PENALTY = 4;
  private static final int ROUNDS = 20;

  private final WeightFormat format;
  private final double[] weights;
  private final int[] block;

  private HalfQuadratic(WeightFormat format, double[] weights, int... block) {
    this.format = format;
    this.weights = weights;
    this.block = block;
  }

  /** The weights, rounded under parameters that start as those of plain rounding. */
  static StoredWeights round(WeightFormat format, WeightMatrix matrix, double[] weights) {
    StoredWeights plain = PlainRounding.round(format, matrix, weights);
    List<int[]> elements = plain.blocks().elements();
    float[] scales = plain.scales().clone();
    double[] zeros = plain.zeros().clone();
    double[] codes = new double[weights.length];
    for (int b = 0; b < scales.length; b++) {
      HalfQuadratic each = new HalfQuadratic(format, weights, elements.get(b));
      if (format.hasZeroPoints()) {
        zeros[b] = format.nearest(each.zero(scales[b], zeros[b]));
      }
      scales[b] = PlainRounding.scale(each.scale(scales[b], zeros[b]));
      for (int i : elements.get(b)) {
        codes[i] = format.nearest(weights[i] / scales[b] + zeros[b]);
      }
    }
    return new StoredWeights(format, plain.blocks(), codes, scales, zeros);
  }

  private double zero(double scale, double start) {
    double best = start;
    double least = cost(scale, start);
    double zero = start;
    double penalty = penalty(scale);
    for (int round = 0; round < ROUNDS && block.length > 0; round++, penalty *= GROWTH) {
      double sum = 0;
      for (int i : block) {
        double code = format.nearest(weights[i] / scale + zero);
        double error = shrink(weights[i] - (code - zero) * scale, penalty);
        sum += code - (weights[i] - error) / scale;
      }
      zero = sum / block.length;
      double cost = cost(scale, format.nearest(zero));
      if (cost < least) {
        least = cost;
        best = zero;
      }
    }
    return best;
  }

  private double scale(double start, double zero) {
    double best = start;
    double least = cost(start, zero);
    double scale = start;
    double penalty = penalty(start);
    for (int round = 0; round < ROUNDS; round++, penalty *= GROWTH) {
      double product = 0;
      double square = 0;
      for (int i : block) {
        double code = format.nearest(weights[i] / scale + zero) - zero;
        double error = shrink(weights[i] - code * scale, penalty);
        product += code * (weights[i] - error);
        square += code * code;
      }
      if (!(product > 0) || square == 0) {
        return best;
      }
      scale = product / square;
      double cost = cost(scale, zero);
      if (cost < least) {
        least = cost;
        best = scale;
      }
    }
    return best;
  }

  /** The penalty at which errors of half a step begin to be forgiven. */
  private static double penalty(double scale) {
    return PENALTY * Math.pow(scale, NORM - 2);
  }

  /** Generalized soft threshold: {@code sign(x) · max(0, |x| - |x|^(p-1) / β)}. */
  private static double shrink(double x, double penalty) {
    double magnitude = Math.abs(x);
    return magnitude == 0
        ? 0
        : Math.signum(x) * Math.max(0, magnitude - Math.pow(magnitude, NORM - 1) / penalty);
  }

  private double cost(double scale, double zero) {
    double cost = 0;
    for (int i : block) {
      double code = format.nearest(weights[i] / scale + zero);
      cost += Math.pow(Math.abs(weights[i] - (code - zero) * scale), NORM);
    }
    return cost;
  }
}
