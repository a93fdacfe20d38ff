package dev.fixpoint.runtime.internal.plan;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of one of the two arenas, floats or bytes, from the step that writes it to the last
 * step that reads it. Several placements may share one, and one may be a part of another.
 */
final class Storage {
  /** Elements beyond the end that whole vectors may touch. */
  static final int SLACK = 64;

  private final boolean isFloat;
  private final int size;
  private int firstStep;
  private int lastStep;
  private int offset = -1;
  private @Nullable Storage whole;
  private int shift;
  private boolean hasParts;

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
    return whole == null ? offset : whole.offset() + shift;
  }

  int end() {
    return offset() + size;
  }

  void readBy(int step) {
    lastStep = Math.max(lastStep, step);
    if (whole != null) {
      whole.readBy(step);
    }
  }

  void placeAt(int position) {
    offset = position;
  }

  /** Whether this is a part of another storage. */
  boolean isPart() {
    return whole != null;
  }

  /** Whether others are parts of this one. */
  boolean isWhole() {
    return hasParts;
  }

  /** Makes this a part of another storage, which lives at least as long. */
  void becomePartOf(Storage larger, int elements) {
    whole = larger;
    shift = elements;
    larger.hasParts = true;
    larger.firstStep = Math.min(larger.firstStep, firstStep);
    larger.readBy(lastStep);
  }

  boolean livesWith(Storage other) {
    return firstStep <= other.lastStep && other.firstStep <= lastStep;
  }
}
