package dev.fixpoint.op.standard;

/**
 * {@code e^x} as a fixed sequence of float32 operations, each correctly rounded, so that every
 * implementation gives the same bits. The argument is split into {@code n ln 2 + r} with an integer
 * n, the series is a least-maximum fit; the result is within two units in the last place.
 */
public final class FloatExponential {
  /** Below, the exponential is 0. */
  public static final float LOW = -105;

  /** Above, the exponential is infinite. */
  public static final float HIGH = 89;

  /** Rounds a float below 2^22 in magnitude to an integer when added. */
  public static final float MAGIC = 12582912f;

  /** The bits of {@link #MAGIC}. */
  public static final int MAGIC_BITS = 0x4B400000;

  /** 1 / ln 2. */
  public static final float LOG2_E = 1.44269504f;

  /** The upper bits of ln 2: products with small integers are exact. */
  public static final float LN2_HIGH = 0.693359375f;

  /** What {@link #LN2_HIGH} lacks. */
  public static final float LN2_LOW = -2.12194440e-4f;

  /** {@code (e^r - 1 - r) / r²} for r up to ln 2 / 2, lowest power first. */
  private static final float[] SERIES = {
    0.5f, 0.166665181517601f, 0.04166620224714279f, 0.008369024842977524f, 0.0013950724387541413f
  };

  private FloatExponential() {}

  /** The coefficient of a power of r in {@code (e^r - 1 - r) / r²}, from 0 to 4. */
  public static float series(int power) {
    return SERIES[power];
  }

  /** The exponential of a number. */
  public static float of(float given) {
    float x = Math.min(Math.max(given, LOW), HIGH);
    float shifted = Math.fma(x, LOG2_E, MAGIC);
    float n = shifted - MAGIC;
    int exponent = Float.floatToRawIntBits(shifted) - MAGIC_BITS;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    float sum = SERIES[SERIES.length - 1];
    for (int i = SERIES.length - 2; i >= 0; i--) {
      sum = Math.fma(sum, r, SERIES[i]);
    }
    float p = Math.fma(r * r, sum, r) + 1;
    int half = exponent >> 1;
    return p * power(half) * power(exponent - half);
  }

  /** {@code 1 / (1 + e^-x)}. */
  public static float logistic(float x) {
    float z = of(-Math.abs(x));
    return (x >= 0 ? 1 : z) / (1 + z);
  }

  private static float power(int exponent) {
    return Float.intBitsToFloat((exponent + 127) << 23);
  }
}
