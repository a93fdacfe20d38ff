package dev.fixpoint.runtime.internal.plan;

/**
 * A stretch of one of the two arenas, floats or bytes, from the step that writes it to the last
 * step that reads it. Several placements may share one.
 */
final class Storage {
  /** Elements beyond the end that whole vectors may touch. */
  static final int SLACK = 64;

  private final boolean isFloat;
  private final int size;
  private final int firstStep;
  private int lastStep;
  private int offset = -1;

  Storage(boolean isFloat, long elements, int firstStep) {
    this.isFloat = isFloat;
    this.size = Math.toIntExact(Math.ceilDiv(elements, 16L) * 16L);
    this.firstStep = firstStep;
    this.lastStep = firstStep;
  }

  boolean isFloat() {
    return isFloat;
  }

  int size() {
    return size;
  }

  int firstStep() {
    return firstStep;
  }

  int lastStep() {
    return lastStep;
  }

  int offset() {
    return offset;
  }

  int end() {
    return offset + size;
  }

  void readBy(int step) {
    lastStep = Math.max(lastStep, step);
  }

  void placeAt(int position) {
    offset = position;
  }

  boolean livesWith(Storage other) {
    return firstStep <= other.lastStep && other.firstStep <= lastStep;
  }
}
