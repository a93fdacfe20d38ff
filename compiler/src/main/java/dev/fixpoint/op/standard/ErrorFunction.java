package dev.fixpoint.op.standard;

/**
 * The error function {@code 2/√π ∫₀ˣ e^(-t²) dt} and its complement, in double.
 *
 * <p>Below 2 the series of positive terms {@code 2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (1·3···(2n+1))}
 * (Abramowitz and Stegun, 7.1.6), above it the continued fraction of the complement (7.1.14). The
 * error function is within 10⁻¹⁵ of the exact one, relatively; the complement is, too, but for the
 * rounding of {@code x²} in {@code e^(-x²)}, and for arguments between 0 and 2, where it is 1 minus
 * the error function.
 */
public final class ErrorFunction {
  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

  /** From here on the continued fraction needs fewer steps than the series. */
  private static final double LARGE = 2;

  /** At {@link #LARGE} as many steps leave less than 2^-60 of the complement. */
  private static final int STEPS = 60;

  private ErrorFunction() {}

  /** The error function. */
  public static double erf(double x) {
    double m = Math.abs(x);
    if (m < LARGE) {
      return series(x);
    }
    return Math.copySign(1 - complement(m), x); // NaN stays NaN
  }

  /** One minus the error function, without cancellation from 2 on. */
  public static double erfc(double x) {
    if (x >= LARGE) {
      return complement(x);
    }
    return 1 - erf(x);
  }

  private static double series(double x) {
    double square = x * x;
    double term = x;
    double sum = x;
    for (int odd = 3; Math.abs(term) > Math.abs(sum) * 0x1p-56; odd += 2) {
      term *= 2 * square / odd;
      sum += term;
    }
    return TWO_OVER_ROOT_PI * Math.exp(-square) * sum;
  }

  private static double complement(double x) {
    if (x == Double.POSITIVE_INFINITY) {
      return 0;
    }
    double fraction = x;
    for (int n = STEPS; n >= 1; n--) {
      fraction = x + n / 2.0 / fraction;
    }
    return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
  }
}
