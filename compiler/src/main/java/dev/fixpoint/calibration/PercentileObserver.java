package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;
import org.jspecify.annotations.Nullable;

/**
 * The range that holds all but a share of the numbers seen: {@code (1 - share) / 2} may lie beyond
 * each end. The ends are edges of bins, outside the numbers that are kept; nothing is averaged over
 * batches.
 */
public final class PercentileObserver implements Observer {
  private final double share;
  private final Histogram histogram;

  private PercentileObserver(double share, Histogram histogram) {
    this.share = share;
    this.histogram = histogram;
  }

  /**
   * Nothing seen yet.
   *
   * @param share part of the numbers to keep, in (0, 1], such as 0.9999
   */
  public static PercentileObserver of(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("the share to keep must be in (0, 1]: " + share);
    }
    return new PercentileObserver(share, Histogram.EMPTY);
  }

  @Override
  public PercentileObserver observe(double[] values) {
    return new PercentileObserver(share, histogram.plus(values));
  }

  @Override
  public PercentileObserver merge(Observer other) {
    if (other instanceof PercentileObserver that && that.share == share) {
      return new PercentileObserver(share, histogram.merge(that.histogram));
    }
    throw Observer.notMergeable(this, other);
  }

  @Override
  public Interval range(ElementType type) {
    Interval all = histogram.extremes().range(type);
    long droppable = (long) Math.floor(histogram.total() * (1 - share) / 2);
    int low = -Histogram.BINS;
    for (long seen = histogram.count(low); seen <= droppable && low < Histogram.BINS - 1; ) {
      seen += histogram.count(++low);
    }
    int high = Histogram.BINS - 1;
    for (long seen = histogram.count(high); seen <= droppable && high > low; ) {
      seen += histogram.count(--high);
    }
    double bottom = Math.clamp(low * histogram.width(), all.low(), all.high());
    double top = Math.clamp((high + 1) * histogram.width(), all.low(), all.high());
    return new Interval(bottom, Math.max(bottom, top));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PercentileObserver that
        && share == that.share
        && histogram.equals(that.histogram);
  }

  @Override
  public int hashCode() {
    return histogram.hashCode();
  }
}
