package dev.fixpoint.op.standard;

/**
 * Resize along one axis: for each output index the input indices that count, and their weights.
 *
 * @param input size of the input
 * @param taps input indices for each output index
 * @param weights their weights, as many
 * @param outside whether an output index lies outside the input and takes the extrapolation value
 */
record ResizeAxis(int input, int[][] taps, double[][] weights, boolean... outside) {
  /** Most weights along an axis. */
  private static final long MAX_TAPS = 1 << 24;

  static ResizeAxis of(
      ResizeRule rule, int input, int output, double scale, double start, double end) {
    long count = (long) output * rule.reach(scale);
    if (count > MAX_TAPS) {
      throw new IllegalArgumentException(
          "a resize from " + input + " to " + output + " by " + scale + " is too large");
    }
    int[][] taps = new int[output][];
    double[][] weights = new double[output][];
    boolean[] outside = new boolean[output];
    boolean crops = rule.coordinates() == ResizeRule.Coordinates.TF_CROP_AND_RESIZE;
    for (int i = 0; i < output; i++) {
      double place = rule.place(i, input, output, scale, start, end);
      if (!Double.isFinite(place)) {
        throw new IllegalArgumentException("a resize by factor " + scale + " has no coordinates");
      }
      outside[i] = crops && (place < 0 || place > input - 1);
      if (rule.mode() == ResizeRule.Mode.NEAREST || outside[i]) {
        taps[i] = new int[] {Math.clamp(rule.nearest(place), 0, input - 1)};
        weights[i] = new double[] {1};
      } else {
        int reach = rule.reach(scale);
        taps[i] = new int[2 * reach];
        weights[i] = weights(rule, place, scale, input, taps[i]);
      }
    }
    return new ResizeAxis(input, taps, weights, outside);
  }

  private static double[] weights(
      ResizeRule rule, double place, double scale, int input, int... taps) {
    double[] weights = new double[taps.length];
    int first = (int) Math.floor(place) - taps.length / 2 + 1;
    double sum = 0;
    for (int k = 0; k < taps.length; k++) {
      int tap = first + k;
      boolean inside = tap >= 0 && tap < input;
      taps[k] = Math.clamp(tap, 0, input - 1);
      weights[k] = inside || !rule.excludesOutside() ? rule.weight(tap - place, scale) : 0;
      sum += weights[k];
    }
    if (rule.antialias() || rule.excludesOutside()) {
      for (int k = 0; k < weights.length; k++) {
        weights[k] /= sum;
      }
    }
    return weights;
  }

  int output() {
    return taps.length;
  }

  /** Whether every output index is the same input index. */
  boolean isIdentity() {
    boolean same = input == output();
    for (int i = 0; same && i < taps.length; i++) {
      for (int k = 0; k < taps[i].length; k++) {
        same &= weights[i][k] == 0 || (taps[i][k] == i && weights[i][k] == 1);
      }
      same &= !outside[i];
    }
    return same;
  }

  /** This axis with the magnitudes of its weights. */
  ResizeAxis absolute() {
    double[][] magnitudes = new double[weights.length][];
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] = weights[i].clone();
      for (int k = 0; k < magnitudes[i].length; k++) {
        magnitudes[i][k] = Math.abs(magnitudes[i][k]);
      }
    }
    return new ResizeAxis(input, taps, magnitudes, outside);
  }

  /** The largest sum of the magnitudes of an output index's weights. */
  double gain() {
    double gain = 1;
    for (double[] row : absolute().weights) {
      double sum = 0;
      for (double weight : row) {
        sum += weight;
      }
      gain = Math.max(gain, sum);
    }
    return gain;
  }

  /** The input index of each output index, for the nearest one. */
  int[] nearest() {
    int[] indices = new int[output()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = taps[i][0];
    }
    return indices;
  }

  /** Resizes {@code x[outer, input, inner]}. */
  double[] apply(double[] x, int outer, int inner) {
    double[] y = new double[Math.multiplyExact(Math.multiplyExact(outer, output()), inner)];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < output(); i++) {
        int to = (o * output() + i) * inner;
        for (int k = 0; k < taps[i].length; k++) {
          int from = (o * input + taps[i][k]) * inner;
          double weight = weights[i][k];
          for (int j = 0; weight != 0 && j < inner; j++) {
            y[to + j] += weight * x[from + j];
          }
        }
      }
    }
    return y;
  }
}
