package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;

/**
 * Bounds of the statistics of one group whose elements lie in a box. The deviations' norm changes
 * by no more than the norm of the radii.
 *
 * @param mean interval of the mean
 * @param least lower bound of {@code √(variance + epsilon)}
 * @param largest upper bound of {@code √variance + √epsilon}
 * @param most bound of a normalized value for any group of this size
 * @param meanError mean of the errors; 0 where the group is not centred
 * @param rootError root mean square of the errors
 * @param slack what a normalized value computed in double may be off
 */
record GroupBox(
    Interval mean,
    double least,
    double largest,
    double most,
    double meanError,
    double rootError,
    double slack) {
  private static final double SLACK = 0x1p-40;

  /** Relative distance that covers the roundings of sums of n terms in double. */
  static double slack(double n) {
    return SLACK + n * 0x1p-50;
  }

  static GroupBox of(
      Box box, double[] errors, Grouping grouping, int group, boolean centered, double epsilon) {
    int n = grouping.size();
    GroupMoments moments = GroupMoments.of(box.center(), grouping, group, centered);
    double radius = 0;
    double squaredRadius = 0;
    double error = 0;
    double squaredError = 0;
    for (int i = 0; i < n; i++) {
      int at = grouping.at(group, i);
      radius += box.radius()[at];
      squaredRadius += box.radius()[at] * box.radius()[at];
      error += errors[at];
      squaredError += errors[at] * errors[at];
    }
    double relative = slack(n);
    double magnitude = moments.magnitude() + radius / n;
    double meanSlack = (radius / n + relative * magnitude) * (1 + relative);
    Interval mean = centered ? Interval.point(moments.mean()).widened(meanSlack) : Interval.ZERO;
    double root = Math.sqrt(moments.variance());
    double change = (Math.sqrt(squaredRadius / n) + relative * magnitude) * (1 + relative);
    double low = Math.max(0, root - change);
    double high = root + change;
    double least = Math.sqrt(low * low + epsilon) * (1 - relative);
    double most = Math.sqrt(n) * (1 + relative);
    return new GroupBox(
        mean,
        least,
        (high + Math.sqrt(epsilon)) * (1 + relative),
        most,
        centered ? error / n : 0,
        Math.sqrt(squaredError / n),
        least > 0 ? Math.min(2 * most, relative * (most + magnitude / least)) : 2 * most);
  }

  /** The interval of the normalized value of an element. */
  Interval normalized(Interval x) {
    Interval deviation = x.minus(mean);
    if (!(least > 0)) {
      return Interval.symmetric(most);
    }
    double low = deviation.low() / (deviation.low() < 0 ? least : largest);
    double high = deviation.high() / (deviation.high() > 0 ? least : largest);
    return new Interval(low, high).widened(slack).clamped(-most, most);
  }

  /** How far the normalized value of an element moves. */
  double moved(double error, Interval value) {
    double sum = error + meanError + value.magnitude() * rootError;
    return sum == 0 ? 0 : Math.min(sum / least * (1 + SLACK) + 2 * slack, 2 * most);
  }
}
