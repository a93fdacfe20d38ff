package dev.fixpoint.runtime.internal.simd.machine;

/** What one step of a routine does to the accumulators; four bytes of each row feed it. */
public enum MultiplyAdd {
  /** One float32 product, rounded once with the sum. */
  FLOATS(4, 1),

  /**
   * Two products of 16-bit integers, exact: the rows hold 16-bit integers, the panel bytes that are
   * widened on the way.
   */
  PAIRS(2, 2),

  /** Four products of an unsigned byte of a row and a signed byte of the panel, exact. */
  QUADS(1, 4);

  private final int elementBytes;
  private final int depth;

  MultiplyAdd(int elementBytes, int depth) {
    this.elementBytes = elementBytes;
    this.depth = depth;
  }

  /** Bytes of an element of the rows. */
  public int elementBytes() {
    return elementBytes;
  }

  /** Elements of a row that a step takes. */
  public int depth() {
    return depth;
  }

  boolean isInteger() {
    return this != FLOATS;
  }
}
