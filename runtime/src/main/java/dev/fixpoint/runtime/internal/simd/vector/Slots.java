package dev.fixpoint.runtime.internal.simd.vector;

import java.util.concurrent.atomic.AtomicInteger;

/** Which array of the scratch memory holds what. */
final class Slots {
  /** Floats, bytes or shorts: input rows. */
  static final int ROWS = 0;

  /** Floats: the panel in use. */
  static final int PANEL = 1;

  /** Floats: the accumulator block. */
  static final int SUMS = 2;

  /** Floats, bytes or shorts: gathered patches of input rows. */
  static final int PATCHES = 3;

  /** Floats: zeros that nobody writes. */
  static final int ZEROS = 4;

  /** Floats: converted rows of a depthwise convolution. */
  static final int RING = 5;

  /** Floats: left operands of element-wise operations. */
  static final int LEFT = 6;

  /** Floats: their right operands. */
  static final int RIGHT = 7;

  /** Floats: the gates of an activation. */
  static final int GATES = 8;

  /** Ints: where the rows of the left matrix begin. */
  static final int OFFSETS = 0;

  /** Ints: integer accumulators. */
  static final int INTEGER_SUMS = 1;

  /** Bytes: a row of outputs that is not a whole number of vectors. */
  static final int TAIL = 4;

  /** Ints: sums of even and odd columns of one row, and the sum of the row. */
  static final int ROW_SUMS = 2;

  /** Ints: what machine code is told of rows and runs. */
  static final int TABLE = 3;

  /** Shorts: the centred row of a product with one row. */
  static final int ROW = 4;

  private static final AtomicInteger STARTS = new AtomicInteger();

  private Slots() {}

  /**
   * Key of the panels of weights that change from run to run.
   *
   * @param kind tells forms of the same shape apart
   */
  static long panels(int columns, int depth, int kind) {
    return ((long) kind << 48) ^ ((long) columns << 24) ^ depth;
  }

  /** A key that nothing has yet, of what the accumulators of some weights start from. */
  static long nextStart() {
    return Long.MIN_VALUE | STARTS.incrementAndGet();
  }
}
