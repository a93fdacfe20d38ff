package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import java.util.function.DoubleUnaryOperator;

/**
 * A smooth activation that falls to its minimum and rises from there on, close to {@code max(x,
 * 0)}.
 *
 * @param value the function
 * @param lowest where its minimum is
 * @param steepest its steepest slope
 */
record Curve(DoubleUnaryOperator value, double lowest, double steepest) implements RealFunction {
  @Override
  public double apply(double x) {
    return value.applyAsDouble(x);
  }

  @Override
  public Interval image(Interval x) {
    return Images.bent(value, lowest, x);
  }

  @Override
  public double slope(Interval x) {
    return steepest;
  }

  // The factor next to x is one of probabilities, made by a subtraction from 1.
  @Override
  public double roundoff(double x, double y, double ulp) {
    return 4 * LIBRARY_ULPS * ulp * Math.abs(x);
  }
}
