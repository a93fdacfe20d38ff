package dev.fixpoint.runtime.internal.simd.vector;

import java.lang.foreign.MemorySegment;

/**
 * What accumulators start from, by column, padded for whole vectors; which panels may be summed in
 * float32 from there; and what stands around the input: all of it follows its zero point.
 */
final class Start {
  private static final int[] NONE = {};

  private final float[] floats;
  private final int[] integers;
  private final MemorySegment segment;
  private final boolean[] isFloat;
  private int padding;

  /**
   * The start of integer sums.
   *
   * @param padding the value of padding, as inputs are widened
   */
  Start(float[] floats, int[] integers, boolean[] isFloat, int padding) {
    this.floats = floats;
    this.integers = integers;
    this.segment =
        integers.length == 0 ? MemorySegment.ofArray(floats) : MemorySegment.ofArray(integers);
    this.isFloat = isFloat;
    this.padding = padding;
  }

  /** The start of sums that are all kept in int32. */
  Start(int[] integers, int padding) {
    this(new float[0], integers, new boolean[0], padding);
  }

  /** The start of sums that are all kept in float32. */
  Start(float[] floats, int padding) {
    this(floats, NONE, new boolean[0], padding);
  }

  /** Whether these are the values for another padding than before. */
  boolean changesTo(int newPadding) {
    boolean changes = padding != newPadding;
    padding = newPadding;
    return changes;
  }

  /** The value of padding, as inputs are widened. */
  float padding() {
    return padding;
  }

  float[] floats() {
    return floats;
  }

  /** What integer accumulators start from, where {@link #isFloat} is false. */
  int[] integers() {
    return integers;
  }

  /** What machine code starts from: integers where there are some, else floats. */
  MemorySegment segment() {
    return segment;
  }

  /** Whether all partial sums of a panel may be kept in float32. */
  boolean isFloat(int panel) {
    return isFloat.length == 0 || isFloat[panel];
  }
}
