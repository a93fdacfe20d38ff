package dev.fixpoint.calibration;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts of numbers in bins whose width is a power of two, with the exact minimum and maximum.
 *
 * <p>Bin {@code i} holds {@code [i · width, (i + 1) · width)}, for {@code -BINS <= i < BINS}. The
 * width is the smallest power of two for which the largest magnitude has a bin, so that it depends
 * on the data alone; and bins of the next width are exactly pairs of bins of this one. Merging is
 * therefore associative, commutative and blind to how the data was split.
 */
final class Histogram {
  /** Bins on each side of zero. Of these more than half are in use up to the largest magnitude. */
  static final int BINS = 4096;

  /** Nothing counted. */
  static final Histogram EMPTY =
      new Histogram(Integer.MIN_VALUE, new long[2 * BINS], MinMaxObserver.EMPTY);

  /** Smallest exponent of a width: finer ones could not hold doubles exactly. */
  private static final int FINEST = -1000;

  private final int exponent;
  private final long[] counts;
  private final MinMaxObserver extremes;

  private Histogram(int exponent, long[] counts, MinMaxObserver extremes) {
    this.exponent = Math.max(exponent, FINEST);
    this.counts = counts;
    this.extremes = extremes;
  }

  /** This histogram after more numbers. */
  Histogram plus(double[] values) {
    MinMaxObserver wider = extremes.observe(values);
    int needed = Math.max(exponent, exponentFor(wider.magnitude()));
    long[] next = coarsened(counts, needed - exponent);
    double inverse = Math.scalb(1.0, -needed);
    for (double value : values) {
      next[BINS + (int) Math.floor(value * inverse)]++;
    }
    return new Histogram(needed, next, wider);
  }

  /** The histogram of both data. */
  Histogram merge(Histogram other) {
    int common = Math.max(exponent, other.exponent);
    long[] sum = coarsened(counts, common - exponent);
    long[] added = coarsened(other.counts, common - other.exponent);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += added[i];
    }
    return new Histogram(common, sum, extremes.merge(other.extremes));
  }

  private static int exponentFor(double magnitude) {
    if (magnitude == 0) {
      return FINEST;
    }
    // The largest index is floor(magnitude / width), which must stay below BINS.
    return Math.max(FINEST, Math.getExponent(magnitude) + 1 - Integer.numberOfTrailingZeros(BINS));
  }

  private static long[] coarsened(long[] counts, int steps) {
    long[] result = new long[counts.length];
    int shift = Math.min(steps, Integer.SIZE - 1);
    for (int i = 0; i < counts.length; i++) {
      result[BINS + ((i - BINS) >> shift)] += counts[i];
    }
    return result;
  }

  /** Width of a bin. */
  double width() {
    return Math.scalb(1.0, exponent);
  }

  /** Numbers in the bin with an index from -BINS to BINS - 1. */
  long count(int bin) {
    return counts[BINS + bin];
  }

  /** All numbers. */
  long total() {
    return Arrays.stream(counts).sum();
  }

  /** The exact minimum and maximum. */
  MinMaxObserver extremes() {
    return extremes;
  }

  /**
   * Counts of magnitudes: entry {@code i} holds those in {@code [i · width, (i + 1) · width)}, up
   * to the largest one.
   */
  long[] magnitudes() {
    int used = (int) Math.min(BINS, Math.floor(extremes.magnitude() / width()) + 1);
    long[] folded = new long[used];
    for (int bin = -BINS; bin < BINS; bin++) {
      // A negative bin [i·w, (i+1)·w) holds magnitudes in (-(i+1)·w, -i·w].
      int at = bin >= 0 ? bin : -bin - 1;
      if (count(bin) > 0) {
        folded[Math.min(at, used - 1)] += count(bin);
      }
    }
    return folded;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Histogram that
        && exponent == that.exponent
        && extremes.equals(that.extremes)
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(counts) + exponent;
  }
}
