package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;
import org.jspecify.annotations.Nullable;

/**
 * The threshold on magnitudes at which a distribution of 128 levels loses least information about
 * the one seen, by Kullback-Leibler divergence (S. Migacz, "8-bit inference with TensorRT", 2017),
 * over at least 2,048 bins of magnitudes in use.
 *
 * <p>For every threshold of at least 128 bins: P is the counts below it, with those beyond added to
 * its last bin; Q is the counts below it, averaged over 128 groups of bins and spread over the bins
 * of a group that are not empty.
 */
public final class EntropyObserver implements Observer {
  /** Levels of the quantized distribution. */
  public static final int LEVELS = 128;

  /** Nothing seen yet. */
  public static final EntropyObserver EMPTY = new EntropyObserver(Histogram.EMPTY);

  private final Histogram histogram;

  private EntropyObserver(Histogram histogram) {
    this.histogram = histogram;
  }

  @Override
  public EntropyObserver observe(double[] values) {
    return new EntropyObserver(histogram.plus(values));
  }

  @Override
  public EntropyObserver merge(Observer other) {
    if (other instanceof EntropyObserver that) {
      return new EntropyObserver(histogram.merge(that.histogram));
    }
    throw Observer.notMergeable(this, other);
  }

  @Override
  public Interval range(ElementType type) {
    Interval all = histogram.extremes().range(type);
    long[] counts = histogram.magnitudes();
    int best = counts.length;
    double least = Double.POSITIVE_INFINITY;
    for (int bins = Math.min(LEVELS, counts.length); bins <= counts.length; bins++) {
      double divergence = divergence(counts, bins);
      if (divergence < least) {
        least = divergence;
        best = bins;
      }
    }
    double threshold = best * histogram.width();
    return all.clamped(-threshold, threshold);
  }

  /** The divergence of the distribution cut after some bins from its form in 128 levels. */
  private static double divergence(long[] counts, int bins) {
    double total = 0;
    double beyond = 0;
    for (int i = 0; i < counts.length; i++) {
      total += counts[i];
      beyond += i >= bins ? counts[i] : 0;
    }
    double kept = total - beyond;
    if (total == 0 || kept == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double sum = 0;
    for (int level = 0; level < LEVELS; level++) {
      int from = (int) ((long) level * bins / LEVELS);
      int to = (int) ((long) (level + 1) * bins / LEVELS);
      sum += levelDivergence(counts, from, to, bins, beyond, total, kept);
    }
    return sum;
  }

  private static double levelDivergence(
      long[] counts, int from, int to, int bins, double beyond, double total, double kept) {
    double mass = 0;
    int occupied = 0;
    for (int i = from; i < to; i++) {
      mass += counts[i];
      occupied += counts[i] > 0 ? 1 : 0;
    }
    double sum = 0;
    for (int i = from; i < to; i++) {
      double p = (counts[i] + (i == bins - 1 ? beyond : 0)) / total;
      if (p > 0) {
        // A bin that only outliers fill has no counterpart; a tiny mass keeps the sum finite.
        double q = counts[i] > 0 ? mass / occupied / kept : Double.MIN_NORMAL;
        sum += p * Math.log(p / q);
      }
    }
    return sum;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EntropyObserver that && histogram.equals(that.histogram);
  }

  @Override
  public int hashCode() {
    return histogram.hashCode();
  }
}
