package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;

/** Images of intervals under even functions. */
final class Squares {
  private Squares() {}

  /** Absolute values of members. */
  static Interval absolute(Interval x) {
    return new Interval(Images.nearestToZero(x), x.magnitude());
  }

  /** Squares of members. */
  static Interval square(Interval x) {
    Interval absolute = absolute(x);
    return new Interval(
        Math.max(Outward.multiplyDown(absolute.low(), absolute.low()), 0),
        Outward.multiplyUp(absolute.high(), absolute.high()));
  }
}
