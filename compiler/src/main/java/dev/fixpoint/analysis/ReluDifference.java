package dev.fixpoint.analysis;

/**
 * The difference {@code max(x + d, 0) - max(x, 0)} for known x as a linear function of d with an
 * uncertainty: {@code factor · d + shift ± fresh}, by element.
 *
 * <p>It is convex in d, hence below its chord and above the parallel line through its kink at
 * {@code d = -x}.
 */
record ReluDifference(double[] factor, double[] shift, double[] fresh) {
  /** The function at known arguments, for differences of a form. */
  static ReluDifference of(double[] x, AffineForm d) {
    double[] reach = d.reach();
    ReluDifference result =
        new ReluDifference(new double[x.length], new double[x.length], new double[x.length]);
    for (int i = 0; i < x.length; i++) {
      result.set(i, x[i], d.center()[i] - reach[i], d.center()[i] + reach[i]);
    }
    return result;
  }

  private void set(int i, double x, double low, double high) {
    if (x >= 0 && x + low >= 0) {
      factor[i] = 1;
    } else if (x > 0 || x + high > 0) {
      double atLow = at(x, low);
      double atHigh = at(x, high);
      double slope = high > low ? (atHigh - atLow) / (high - low) : 0;
      double kink = Math.clamp(-x, low, high);
      double top = Math.max(atLow - slope * low, atHigh - slope * high);
      double bottom = at(x, kink) - slope * kink;
      factor[i] = slope;
      shift[i] = (top + bottom) / 2;
      fresh[i] = Math.max(0, (top - bottom) / 2) * (1 + 0x1p-40);
    }
  }

  private static double at(double x, double d) {
    return Math.max(x + d, 0) - Math.max(x, 0);
  }
}
