package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * Arcus sine or cosine: both have the slope {@code ±1 / √(1 - x²)} and no values beyond 1.
 *
 * @param value the function
 * @param images its image of an interval in [-1, 1]
 */
record ArcFunction(DoubleUnaryOperator value, UnaryOperator<Interval> images)
    implements RealFunction {
  @Override
  public double apply(double x) {
    return value.applyAsDouble(x);
  }

  @Override
  public Interval image(Interval x) {
    return x.magnitude() > 1 ? Interval.ALL : images.apply(x);
  }

  @Override
  public double slope(Interval x) {
    double m = x.magnitude();
    return m >= 1 ? Double.POSITIVE_INFINITY : 1 / Math.sqrt((1 - m) * (1 + m));
  }

  // The slope grows towards both ends of [-1, 1]: a move counts most there.
  @Override
  public double shift(Interval x, double move) {
    if (x.magnitude() > 1) {
      return Double.POSITIVE_INFINITY;
    }
    double atEnd = Math.acos(Math.max(1 - move, -1));
    return Math.min(Outward.multiplyUp(slope(x), move), atEnd + 2 * Math.ulp(2.0));
  }
}
