package dev.fixpoint.cli;

import dev.fixpoint.tensor.Tensor;

/**
 * Signal to quantization noise of two streams of tensors, in decibel: {@code 10 log10(Σ a² / Σ (a -
 * b)²)}.
 */
final class Sqnr {
  /** Stands for infinity: nothing differs. Its negative: nothing agrees. */
  static final double MOST = 999;

  private double signal;
  private double noise;
  private double largest;

  /** Adds a tensor of the reference and the one that should equal it. */
  void add(Tensor reference, Tensor actual) {
    double[] expected = reference.toDoubles();
    double[] got = actual.toDoubles();
    for (int i = 0; i < expected.length; i++) {
      boolean same = Double.compare(expected[i], got[i]) == 0;
      double difference = same ? 0 : Math.abs(expected[i] - got[i]);
      signal += Double.isFinite(expected[i]) ? expected[i] * expected[i] : 0;
      noise += Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference * difference;
      largest = Math.max(largest, Double.isNaN(difference) ? Double.MAX_VALUE : difference);
    }
  }

  /** The ratio in decibel, at most {@value #MOST}. */
  double decibels() {
    if (noise == 0) {
      return MOST;
    }
    return noise == Double.POSITIVE_INFINITY
        ? -MOST
        : Math.clamp(10 * Math.log10(signal / noise), -MOST, MOST);
  }

  /** Largest absolute difference, a finite number. */
  double largestDifference() {
    return Math.min(largest, Double.MAX_VALUE);
  }
}
