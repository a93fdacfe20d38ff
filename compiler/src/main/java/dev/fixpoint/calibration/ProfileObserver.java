package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;

/**
 * An observer of ranges, and beside it how large most numbers are: a few outliers may stretch a
 * range so far that all others fall into a step or two.
 *
 * @param ranges proposes the range
 * @param histogram all numbers
 * @param zeros how many were exactly zero
 */
record ProfileObserver(Observer ranges, Histogram histogram, long zeros) implements Observer {
  /** Share of the numbers other than zero that counts as most of them. */
  static final double MOST = 0.99;

  /** Nothing seen yet. */
  static ProfileObserver of(Observer ranges) {
    return new ProfileObserver(ranges, Histogram.EMPTY, 0);
  }

  @Override
  public ProfileObserver observe(double[] values) {
    long more = 0;
    for (double value : values) {
      more += value == 0 ? 1 : 0;
    }
    return new ProfileObserver(ranges.observe(values), histogram.plus(values), zeros + more);
  }

  @Override
  public ProfileObserver merge(Observer other) {
    if (other instanceof ProfileObserver that) {
      return new ProfileObserver(
          ranges.merge(that.ranges), histogram.merge(that.histogram), zeros + that.zeros);
    }
    throw Observer.notMergeable(this, other);
  }

  @Override
  public boolean isMergeable() {
    return ranges.isMergeable();
  }

  @Override
  public Interval range(ElementType type) {
    return ranges.range(type);
  }

  /**
   * The root mean square of the numbers other than zero without their largest hundredth, each taken
   * as the middle of its bin; 0 where there are none.
   */
  double bulk() {
    long[] magnitudes = histogram.magnitudes();
    // Exact zeros are all in the first bin.
    magnitudes[0] -= zeros;
    long left = (long) Math.ceil((histogram.total() - zeros) * MOST);
    if (left == 0) {
      return 0;
    }
    double counted = left;
    double sum = 0;
    for (int bin = 0; left > 0; bin++) {
      long taken = Math.min(left, magnitudes[bin]);
      double middle = (bin + 0.5) * histogram.width();
      sum += taken * middle * middle;
      left -= taken;
    }
    return Math.sqrt(sum / counted);
  }

  /** What is kept of the value. */
  ValueSummary summary(ElementType type) {
    return new ValueSummary(range(type), bulk());
  }
}
