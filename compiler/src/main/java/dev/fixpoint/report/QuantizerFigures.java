package dev.fixpoint.report;

import java.util.List;

/**
 * What one quantizer does to the values that it reads.
 *
 * @param type the integers, as {@code int8}
 * @param scale the step between two numbers of the grid
 * @param low the least number of the grid
 * @param high the greatest number of the grid
 * @param least the least number seen
 * @param greatest the greatest number seen
 * @param rmse root of the mean of {@code (x - q(x))²}, x being what the quantizer reads
 * @param clipped share of the numbers that are more than half a step outside the grid
 * @param histogram how many numbers fell into each of the {@value #BINS} bins; bin {@value #MARGIN}
 *     begins half a step below low, the last {@value #MARGIN} lie half a step and more above high,
 *     and the outermost two also count what lies beyond them
 */
public record QuantizerFigures(
    String type,
    double scale,
    double low,
    double high,
    double least,
    double greatest,
    double rmse,
    double clipped,
    List<Long> histogram) {
  /** Number of bins of a histogram. */
  public static final int BINS = 64;

  /** Bins on either side that lie outside of the chosen range. */
  public static final int MARGIN = 8;

  /** Keeps an immutable copy. */
  public QuantizerFigures {
    histogram = List.copyOf(histogram);
  }

  /** The error of rounding alone where numbers are spread evenly: {@code scale / √12}. */
  public double expectedRmse() {
    return scale / Math.sqrt(12);
  }
}
