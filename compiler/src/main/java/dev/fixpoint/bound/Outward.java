package dev.fixpoint.bound;

/**
 * Double arithmetic whose result is not below ({@code up}) or not above ({@code down}) the exact
 * one. A product with an exact zero is zero, also with infinity: a factor of zero means that the
 * term is absent.
 */
public final class Outward {
  private Outward() {}

  /** An upper bound of {@code a + b}. */
  public static double addUp(double a, double b) {
    double sum = a + b;
    if (Double.isNaN(sum)) {
      return Double.POSITIVE_INFINITY; // infinities of both signs: anything is possible
    }
    return isExactSum(a, b, sum) ? sum : Math.nextUp(sum);
  }

  /** A lower bound of {@code a + b}. */
  public static double addDown(double a, double b) {
    return -addUp(-a, -b);
  }

  /** An upper bound of {@code a * b}. */
  public static double multiplyUp(double a, double b) {
    if (a == 0 || b == 0) {
      return 0;
    }
    return Math.nextUp(a * b);
  }

  /** A lower bound of {@code a * b}. */
  public static double multiplyDown(double a, double b) {
    return -multiplyUp(-a, b);
  }

  /** An upper bound of {@code a / b} for {@code b > 0}. */
  public static double divideUp(double a, double b) {
    return a == 0 ? 0 : Math.nextUp(a / b);
  }

  /** A lower bound of {@code a / b} for {@code b > 0}. */
  public static double divideDown(double a, double b) {
    return -divideUp(-a, b);
  }

  /** Half the distance between neighbouring float32 numbers around a magnitude, from above. */
  public static double halfUlpFloat(double magnitude) {
    if (!(magnitude <= Float.MAX_VALUE)) {
      return Double.POSITIVE_INFINITY;
    }
    float up = Math.nextUp((float) magnitude);
    return Math.ulp(up) / 2.0;
  }

  private static boolean isExactSum(double a, double b, double sum) {
    double bPart = sum - a;
    return a == 0 || b == 0 || (sum - bPart == a && b == bPart);
  }
}
