package dev.fixpoint.op.standard;

/** The logistic function and its kin, without overflow and without cancellation. */
final class Logistic {
  private Logistic() {}

  /** {@code 1 / (1 + e⁻ˣ)}. */
  static double sigmoid(double x) {
    double small = Math.exp(-Math.abs(x));
    return (x >= 0 ? 1 : small) / (1 + small);
  }

  /** The derivative of the logistic function. */
  static double sigmoidSlope(double x) {
    double small = Math.exp(-Math.abs(x));
    return small / ((1 + small) * (1 + small));
  }

  /** {@code log(1 + eˣ)}. */
  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
