package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;

/** Intervals of integers. */
final class Intervals {
  /** Every number of elements. */
  static final Interval SIZES = new Interval(0, Long.MAX_VALUE);

  private Intervals() {}

  /** The smallest interval that holds some integers; zero for none. */
  static Interval ofLongs(long... values) {
    Interval hull = null;
    for (long value : values) {
      Interval point = Interval.point(value);
      hull = hull == null ? point : hull.join(point);
    }
    return hull == null ? Interval.ZERO : hull;
  }
}
