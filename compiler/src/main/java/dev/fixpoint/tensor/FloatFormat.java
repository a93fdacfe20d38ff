package dev.fixpoint.tensor;

/**
 * A binary floating-point format of at most 16 bits, with one correctly rounded conversion from
 * double (half to even) and an exact one back.
 *
 * <p>Formats: IEEE 754 binary16, bfloat16, the float8 types of ONNX ("Float stored in 8 bits",
 * after arXiv:2209.05433 and arXiv:2206.02915) and float4e2m1 (OCP Microscaling 1.0).
 */
final class FloatFormat {
  private enum Specials {
    /** All-ones exponent holds infinities and NaN. */
    IEEE,
    /** Only the all-ones code is NaN, no infinities. */
    FN,
    /** The code of negative zero is the one NaN, no infinities. */
    FNUZ,
    /** Every code is a number. */
    NONE
  }

  static final FloatFormat FLOAT16 = new FloatFormat(5, 10, 15, Specials.IEEE);
  static final FloatFormat BFLOAT16 = new FloatFormat(8, 7, 127, Specials.IEEE);
  static final FloatFormat E4M3FN = new FloatFormat(4, 3, 7, Specials.FN);
  static final FloatFormat E4M3FNUZ = new FloatFormat(4, 3, 8, Specials.FNUZ);
  static final FloatFormat E5M2 = new FloatFormat(5, 2, 15, Specials.IEEE);
  static final FloatFormat E5M2FNUZ = new FloatFormat(5, 2, 16, Specials.FNUZ);
  static final FloatFormat E2M1 = new FloatFormat(2, 1, 1, Specials.NONE);

  private final int mantissaBits;
  private final int bias;
  private final Specials specials;
  private final int signMask;
  private final int exponentMask;
  private final double max;

  private FloatFormat(int exponentBits, int mantissaBits, int bias, Specials specials) {
    this.mantissaBits = mantissaBits;
    this.bias = bias;
    this.specials = specials;
    this.signMask = 1 << (exponentBits + mantissaBits);
    this.exponentMask = (1 << exponentBits) - 1;
    int largestCode = signMask - 1;
    if (specials == Specials.IEEE) {
      largestCode = (exponentMask << mantissaBits) - 1;
    } else if (specials == Specials.FN) {
      largestCode = signMask - 2;
    }
    this.max = magnitude(largestCode);
  }

  /** Largest finite number. */
  double max() {
    return max;
  }

  double decode(int code) {
    if (isNan(code)) {
      return Double.NaN;
    }
    int absolute = code & (signMask - 1);
    double value =
        specials == Specials.IEEE && absolute == exponentMask << mantissaBits
            ? Double.POSITIVE_INFINITY
            : magnitude(absolute);
    return (code & signMask) != 0 ? -value : value;
  }

  /**
   * Rounds half to even. A result beyond the largest number becomes that number where {@code
   * saturate} is set, else infinity, or NaN in formats without one.
   */
  int encode(double value, boolean saturate) {
    if (Double.isNaN(value)) {
      return nan();
    }
    int sign = (Double.doubleToRawLongBits(value) < 0) ? signMask : 0;
    double absolute = Math.abs(value);
    if (Double.isInfinite(absolute)) {
      return overflow(sign, saturate);
    }
    int exponent = Math.max(Math.getExponent(absolute), 1 - bias);
    double quantum = Math.scalb(1.0, exponent - mantissaBits);
    double rounded = Math.rint(absolute / quantum) * quantum;
    if (rounded > max) {
      return overflow(sign, saturate);
    }
    int code = code(rounded);
    return code == 0 && specials == Specials.FNUZ ? 0 : sign | code;
  }

  private int code(double rounded) {
    int exponent = Math.max(Math.getExponent(rounded), 1 - bias);
    int significand = (int) Math.scalb(rounded, mantissaBits - exponent);
    int field = exponent + bias;
    boolean subnormal = significand < 1 << mantissaBits;
    return subnormal
        ? significand
        : (field << mantissaBits) | (significand & ((1 << mantissaBits) - 1));
  }

  private int overflow(int sign, boolean saturate) {
    if (saturate || specials == Specials.NONE) {
      return sign | code(max);
    }
    return specials == Specials.IEEE ? sign | exponentMask << mantissaBits : nan();
  }

  private int nan() {
    return switch (specials) {
      case IEEE -> (exponentMask << mantissaBits) | 1 << (mantissaBits - 1);
      case FN -> signMask - 1;
      case FNUZ -> signMask;
      case NONE -> code(max);
    };
  }

  private boolean isNan(int code) {
    int absolute = code & (signMask - 1);
    return switch (specials) {
      case IEEE -> absolute > exponentMask << mantissaBits;
      case FN -> absolute == signMask - 1;
      case FNUZ -> code == signMask;
      case NONE -> false;
    };
  }

  private double magnitude(int absolute) {
    int field = absolute >> mantissaBits;
    int fraction = absolute & ((1 << mantissaBits) - 1);
    return field == 0
        ? Math.scalb((double) fraction, 1 - bias - mantissaBits)
        : Math.scalb((double) (fraction | 1 << mantissaBits), field - bias - mantissaBits);
  }
}
