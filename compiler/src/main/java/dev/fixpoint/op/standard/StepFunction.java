package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import java.util.function.DoubleUnaryOperator;

/**
 * A function that rounds to an integer: what moves by e moves by at most ⌊e⌋ + 1 integers, and
 * results need no rounding.
 *
 * @param value the function
 */
record StepFunction(DoubleUnaryOperator value) implements RealFunction {
  @Override
  public double apply(double x) {
    return value.applyAsDouble(x);
  }

  @Override
  public Interval image(Interval x) {
    return new Interval(apply(x.low()), apply(x.high()));
  }

  @Override
  public double slope(Interval x) {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public double shift(Interval x, double move) {
    return Math.floor(move) + 1;
  }

  @Override
  public boolean isExact() {
    return true;
  }
}
