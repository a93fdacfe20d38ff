package dev.fixpoint.op.standard;

/**
 * What normalization knows of one group: its mean and the mean square of its deviations, in double.
 *
 * @param mean what is subtracted; 0 where the group is not centred
 * @param variance mean of the squares of what is left
 * @param magnitude mean of the absolute values
 * @param square mean of the squares
 */
record GroupMoments(double mean, double variance, double magnitude, double square) {
  static GroupMoments of(double[] x, Grouping grouping, int group, boolean centered) {
    int size = grouping.size();
    double sum = 0;
    double magnitude = 0;
    double square = 0;
    for (int i = 0; i < size; i++) {
      double value = x[grouping.at(group, i)];
      sum += value;
      magnitude += Math.abs(value);
      square += value * value;
    }
    double mean = centered ? sum / size : 0;
    double variance = 0;
    for (int i = 0; i < size; i++) {
      double deviation = x[grouping.at(group, i)] - mean;
      variance += deviation * deviation;
    }
    return new GroupMoments(mean, variance / size, magnitude / size, square / size);
  }

  /** {@code 1 / √(variance + epsilon)}. */
  double inverse(double epsilon) {
    return 1 / Math.sqrt(variance + epsilon);
  }
}
