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
 *
 * <p>Two departures, both measured: a number that occurs many times, such as 0, is left out of both
 * (the method was made for densities), and at most one number in a thousand is cut off (a dense bin
 * at the threshold hides any number of outliers in its mass).
 */
public final class EntropyObserver implements Observer {
  /** Levels of the quantized distribution. */
  public static final int LEVELS = 128;

  /** Bins on each side that make the neighbourhood of a bin. */
  private static final int NEIGHBOURS = 16;

  /** The largest share of all numbers that a threshold may cut off. */
  private static final double MOST_CUT = 0.001;

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
    double[] spread = withoutAtoms(counts);
    int best = counts.length;
    double least = Double.POSITIVE_INFINITY;
    for (int bins = Math.min(LEVELS, counts.length); bins <= counts.length; bins++) {
      double divergence = divergence(counts, spread, bins);
      if (divergence < least) {
        least = divergence;
        best = bins;
      }
    }
    double threshold = best * histogram.width();
    return all.clamped(-threshold, threshold);
  }

  /**
   * The counts in which a bin that holds more than its neighbourhood together has only their mean.
   *
   * <p>Such a bin holds one number many times: the zeros behind a Relu, the background of pictures.
   * One number falls into one level whatever the threshold, so nothing is lost of it; smeared over
   * its level like a density, it would outweigh all else and draw the threshold to where levels are
   * narrow.
   */
  private static double[] withoutAtoms(long[] counts) {
    double[] spread = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      int from = Math.max(0, i - NEIGHBOURS);
      int end = Math.min(counts.length, i + NEIGHBOURS + 1);
      double others = -counts[i];
      for (int j = from; j < end; j++) {
        others += counts[j];
      }
      spread[i] = counts[i] > others ? others / Math.max(1, end - from - 1) : counts[i];
    }
    return spread;
  }

  /**
   * The divergence of the distribution cut after some bins from its form in 128 levels.
   *
   * @param counts numbers in each bin
   * @param spread the same without atoms
   */
  private static double divergence(long[] counts, double[] spread, int bins) {
    double total = 0;
    double beyond = 0;
    double kept = 0;
    for (int i = 0; i < counts.length; i++) {
      total += counts[i];
      beyond += i >= bins ? counts[i] : 0;
      kept += i < bins ? spread[i] : 0;
    }
    if (kept == 0 || beyond > MOST_CUT * total) {
      return Double.POSITIVE_INFINITY;
    }
    double sum = 0;
    for (int level = 0; level < LEVELS; level++) {
      int from = (int) ((long) level * bins / LEVELS);
      int to = (int) ((long) (level + 1) * bins / LEVELS);
      sum += levelDivergence(spread, from, to, bins, beyond, kept);
    }
    return sum;
  }

  private static double levelDivergence(
      double[] counts, int from, int to, int bins, double beyond, double kept) {
    double mass = 0;
    int occupied = 0;
    for (int i = from; i < to; i++) {
      mass += counts[i];
      occupied += counts[i] > 0 ? 1 : 0;
    }
    double sum = 0;
    for (int i = from; i < to; i++) {
      double p = (counts[i] + (i == bins - 1 ? beyond : 0)) / (kept + beyond);
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
