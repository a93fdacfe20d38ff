package dev.fixpoint.op.standard;

/**
 * The inverse hyperbolic functions by {@link Math#log1p}, without cancellation near zero
 * (Abramowitz and Stegun, 4.6.20 to 4.6.22).
 */
final class AreaFunctions {
  /** Above this the square of a number swallows 1, and below the root of the largest number. */
  private static final double LARGE = 0x1p60;

  private AreaFunctions() {}

  static double asinh(double x) {
    double m = Math.abs(x);
    double y =
        m > LARGE ? Math.log(m) + Math.log(2) : Math.log1p(m + m * m / (1 + Math.sqrt(1 + m * m)));
    return Math.copySign(y, x);
  }

  static double acosh(double x) {
    double t = x - 1;
    return x > LARGE ? Math.log(x) + Math.log(2) : Math.log1p(t + Math.sqrt(2 * t + t * t));
  }

  static double atanh(double x) {
    double m = Math.abs(x);
    return Math.copySign(0.5 * Math.log1p(2 * m / (1 - m)), x);
  }
}
