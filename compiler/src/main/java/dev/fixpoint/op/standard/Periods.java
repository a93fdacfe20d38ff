package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import java.util.function.DoubleUnaryOperator;

/** Images of intervals under periodic functions. */
final class Periods {
  /** Beyond this the ends of an interval are too coarse to be placed within a period. */
  private static final double LARGEST = 1 << 20;

  /** Covers the rounding of π and of counting periods up to {@link #LARGEST}. */
  private static final double SLACK = 0x1p-24;

  private Periods() {}

  /**
   * The image under a function with period 2π that is 1 at the given crest and -1 half a period on.
   */
  static Interval wave(DoubleUnaryOperator function, double crest, Interval x) {
    if (x.magnitude() > LARGEST) {
      return new Interval(-1, 1);
    }
    double left = function.applyAsDouble(x.low());
    double right = function.applyAsDouble(x.high());
    boolean high = holds(x, crest, 2 * Math.PI);
    boolean low = holds(x, crest + Math.PI, 2 * Math.PI);
    return new Interval(low ? -1 : Math.min(left, right), high ? 1 : Math.max(left, right))
        .widened(SLACK)
        .clamped(-1, 1);
  }

  /** Whether an interval may hold a pole of the tangent. */
  static boolean hasPole(Interval x) {
    return x.magnitude() > LARGEST || holds(x, Math.PI / 2, Math.PI);
  }

  private static boolean holds(Interval x, double point, double period) {
    double first = point + Math.ceil((x.low() - SLACK - point) / period) * period;
    return first <= x.high() + SLACK;
  }
}
