package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;

/**
 * The smallest and largest number seen.
 *
 * @param low smallest; positive infinity where nothing was seen
 * @param high largest; negative infinity where nothing was seen
 */
public record MinMaxObserver(double low, double high) implements Observer {
  /** Nothing seen yet. */
  public static final MinMaxObserver EMPTY =
      new MinMaxObserver(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  @Override
  public MinMaxObserver observe(double[] values) {
    double min = low;
    double max = high;
    for (double value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return new MinMaxObserver(min, max);
  }

  @Override
  public MinMaxObserver merge(Observer other) {
    if (other instanceof MinMaxObserver that) {
      return new MinMaxObserver(Math.min(low, that.low), Math.max(high, that.high));
    }
    throw Observer.notMergeable(this, other);
  }

  @Override
  public Interval range(ElementType type) {
    return low <= high ? new Interval(low, high) : Interval.ZERO;
  }

  /** Largest magnitude seen. */
  double magnitude() {
    return range(ElementType.FLOAT).magnitude();
  }
}
