package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;
import org.jspecify.annotations.Nullable;

/**
 * The range whose quantization has the least mean squared error over the numbers seen: the minimum
 * and maximum, shrunk by a common factor that is searched in hundredths. A number counts as the
 * middle of its bin; inside the range it costs {@code scale² / 12}, beyond it the square of its
 * distance.
 */
public final class MseObserver implements Observer {
  /** Nothing seen yet. */
  public static final MseObserver EMPTY = new MseObserver(Histogram.EMPTY);

  private static final int STEPS = 100;

  private final Histogram histogram;

  private MseObserver(Histogram histogram) {
    this.histogram = histogram;
  }

  @Override
  public MseObserver observe(double[] values) {
    return new MseObserver(histogram.plus(values));
  }

  @Override
  public MseObserver merge(Observer other) {
    if (other instanceof MseObserver that) {
      return new MseObserver(histogram.merge(that.histogram));
    }
    throw Observer.notMergeable(this, other);
  }

  @Override
  public Interval range(ElementType type) {
    Interval all = histogram.extremes().range(type);
    double levels = (double) type.maxInteger() - type.minInteger();
    Interval best = all;
    double least = Double.POSITIVE_INFINITY;
    for (int step = STEPS; step > 0; step--) {
      double factor = (double) step / STEPS;
      Interval shrunk = new Interval(all.low() * factor, all.high() * factor);
      double error = error(shrunk, levels);
      if (error < least) {
        least = error;
        best = shrunk;
      }
    }
    return best;
  }

  private double error(Interval range, double levels) {
    double low = Math.min(range.low(), 0);
    double high = Math.max(range.high(), 0);
    double scale = (high - low) / levels;
    double inside = scale * scale / 12;
    double sum = 0;
    for (int bin = -Histogram.BINS; bin < Histogram.BINS; bin++) {
      long count = histogram.count(bin);
      if (count > 0) {
        double middle = (bin + 0.5) * histogram.width();
        double beyond = Math.max(0, Math.max(middle - high, low - middle));
        sum += count * (inside + beyond * beyond);
      }
    }
    return sum;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MseObserver that && histogram.equals(that.histogram);
  }

  @Override
  public int hashCode() {
    return histogram.hashCode();
  }
}
