package dev.fixpoint.runtime.internal.simd.vector;

/**
 * What accumulators start from, by column, padded for whole vectors; and which panels may be summed
 * in float32 from there.
 */
final class Start {
  private static final int[] NONE = {};

  private final float[] floats;
  private final int[] integers;
  private final boolean[] isFloat;
  private int zeroPoint = Integer.MIN_VALUE;

  /** The start of integer sums. */
  Start(float[] floats, int[] integers, boolean[] isFloat) {
    this.floats = floats;
    this.integers = integers;
    this.isFloat = isFloat;
  }

  /** The start of float sums. */
  Start(float[] floats) {
    this(floats, NONE, new boolean[0]);
  }

  /** Whether these are the values for another zero point than before. */
  boolean changesTo(int inputZeroPoint) {
    boolean changes = zeroPoint != inputZeroPoint;
    zeroPoint = inputZeroPoint;
    return changes;
  }

  float[] floats() {
    return floats;
  }

  /** What integer accumulators start from, where {@link #isFloat} is false. */
  int[] integers() {
    return integers;
  }

  /** Whether all partial sums of a panel may be kept in float32. */
  boolean isFloat(int panel) {
    return isFloat.length == 0 || isFloat[panel];
  }
}
