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

  /** The image under a function that falls up to a point and rises from there on. */
  static Interval valley(DoubleUnaryOperator function, double lowest, Interval x) {
    double left = at(function, x.low());
    double right = at(function, x.high());
    double low = x.contains(lowest) ? at(function, lowest) : Math.min(left, right);
    return hull(Math.min(low, Math.min(left, right)), Math.max(left, right));
  }

  private static double at(DoubleUnaryOperator function, double x) {
    double y = function.applyAsDouble(x);
    return Double.isNaN(y)
        ? function.applyAsDouble(Math.clamp(x, -NEARLY_INFINITE, NEARLY_INFINITE))
        : y;
  }

  private static Interval hull(double low, double high) {
    if (Double.isNaN(low) || Double.isNaN(high)) {
      return Interval.ALL;
    }
    return new Interval(
        Math.nextDown(low - Math.abs(low) * SLACK), Math.nextUp(high + Math.abs(high) * SLACK));
  }
}
