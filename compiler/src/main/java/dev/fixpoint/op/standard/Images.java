package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import java.util.function.DoubleUnaryOperator;

/**
 * Images of intervals under functions that are computed in double within a few ulps. Each holds the
 * exact and the computed values.
 */
final class Images {
  /** Relative distance that covers the ulps by which values computed in double may be off. */
  private static final double SLACK = 0x1p-48;

  /** Stands for infinity where a formula has no value there but a limit. */
  private static final double NEARLY_INFINITE = 0x1p1000;

  private Images() {}

  /** The image under a function that never decreases. */
  static Interval increasing(DoubleUnaryOperator function, Interval x) {
    return hull(at(function, x.low()), at(function, x.high()));
  }

  /** The image under a function that never increases. */
  static Interval decreasing(DoubleUnaryOperator function, Interval x) {
    return hull(at(function, x.high()), at(function, x.low()));
  }

  private static double at(DoubleUnaryOperator function, double x) {
    double y = function.applyAsDouble(x);
    return Double.isNaN(y)
        ? function.applyAsDouble(Math.clamp(x, -NEARLY_INFINITE, NEARLY_INFINITE))
        : y;
  }

  /** The smallest absolute value of a member. */
  static double nearestToZero(Interval x) {
    return x.contains(0) ? 0 : Math.min(Math.abs(x.low()), Math.abs(x.high()));
  }

  /** The image under a function that is monotone up to a point and from there on. */
  static Interval bent(DoubleUnaryOperator function, double bend, Interval x) {
    double left = at(function, x.low());
    double right = at(function, x.high());
    double middle = x.contains(bend) ? at(function, bend) : left;
    return hull(Math.min(middle, Math.min(left, right)), Math.max(middle, Math.max(left, right)));
  }

  private static Interval hull(double low, double high) {
    if (Double.isNaN(low) || Double.isNaN(high)) {
      return Interval.ALL;
    }
    return new Interval(-above(-low), above(high));
  }

  private static double above(double y) {
    // Minus infinity stands for an overflow of something finite.
    return Double.isInfinite(y) ? Math.nextUp(y) : Math.nextUp(y + Math.abs(y) * SLACK);
  }
}
