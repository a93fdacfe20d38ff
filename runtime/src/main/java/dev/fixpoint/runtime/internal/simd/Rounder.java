package dev.fixpoint.runtime.internal.simd;

/**
 * The last step of every quantizer, in plain Java: rounding half to even, zero point, saturation.
 */
public final class Rounder {
  private Rounder() {}

  /** {@code clamp(rint(value) + zero, low, high)} as a byte; NaN gives {@code low}. */
  public static byte saturate(float value, int zero, int low, int high) {
    if (Float.isNaN(value)) {
      return (byte) low;
    }
    double rounded = Math.rint(value);
    return (byte) ((int) Math.clamp(rounded, low - zero, high - zero) + zero);
  }
}
