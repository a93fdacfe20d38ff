package dev.fixpoint.runtime.internal.simd;

/**
 * How the bytes of an operand stand for real numbers.
 *
 * @param unsigned whether bytes are to be read as 0 to 255
 * @param zeroPoint integer that stands for 0
 * @param scale distance of neighbouring integers
 */
public record Affine8(boolean unsigned, int zeroPoint, float scale) {
  /** Smallest integer. */
  public int low() {
    return unsigned ? 0 : Byte.MIN_VALUE;
  }

  /** Largest integer. */
  public int high() {
    return low() + 255;
  }

  /** The integer that a byte is read as. */
  public int integer(byte stored) {
    return unsigned ? stored & 0xff : stored;
  }

  /** The real number that a byte stands for: the difference to the zero point, times the scale. */
  public float real(byte stored) {
    return (float) (integer(stored) - zeroPoint) * scale;
  }

  /** The byte for a real number: division, rounding half to even, zero point, saturation. */
  public byte quantize(float value) {
    return Rounder.saturate(value / scale, zeroPoint, low(), high());
  }
}
