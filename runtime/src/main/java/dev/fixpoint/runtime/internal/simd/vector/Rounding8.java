package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE;
import static dev.fixpoint.runtime.internal.simd.vector.Species.PARTS;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Floats to bytes. The Vector API cannot round, so 1.5 · 2^23 is added: the sum's lowest bits are
 * the integer, rounded half to even, as long as the value is below 2^22 in magnitude.
 */
final class Rounding8 {
  private static final float MAGIC = 12582912f;
  private static final int MAGIC_BITS = 0x4B400000;

  private Rounding8() {}

  /** Clamps floats to [low, high]; NaN becomes {@code low}. */
  static FloatVector clamp(FloatVector v, float low, float high) {
    FloatVector capped = v.blend(high, v.compare(VectorOperators.GT, high));
    return capped.blend(low, capped.compare(VectorOperators.GE, low).not());
  }

  /** {@code clamp(rint(v) + zero, low, high)} for values below 2^22 in magnitude. */
  static IntVector round(FloatVector v, int zero, int low, int high) {
    return v.add(MAGIC).reinterpretAsInts().sub(MAGIC_BITS - zero).max(low).min(high);
  }

  /** {@code rint(v) + zero} for values that are clamped already. */
  static IntVector round(FloatVector v, int zero) {
    return v.add(MAGIC).reinterpretAsInts().sub(MAGIC_BITS - zero);
  }

  /** The lowest bytes of a vector of ints that fills a vector of bytes. */
  static ByteVector bytes(IntVector v) {
    return (ByteVector) v.convertShape(VectorOperators.I2B, BYTE, 0);
  }

  /** The lowest bytes of two vectors of ints that fill a vector of bytes together. */
  static ByteVector bytes(IntVector first, IntVector second) {
    assert PARTS == 2;
    ByteVector low = (ByteVector) first.convertShape(VectorOperators.I2B, BYTE, 0);
    ByteVector high = (ByteVector) second.convertShape(VectorOperators.I2B, BYTE, -1);
    return low.or(high);
  }
}
