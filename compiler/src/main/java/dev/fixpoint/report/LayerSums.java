package dev.fixpoint.report;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Sums over the data from which the figures of one value come; numbers not finite are left out. */
final class LayerSums {
  private static final int INSIDE = QuantizerFigures.BINS - 2 * QuantizerFigures.MARGIN;

  private final @Nullable Grid grid;
  private final long[] histogram = new long[QuantizerFigures.BINS];
  private double signal;
  private double noise;
  private double largest;
  private long count;
  private double moved;
  private long clipped;
  private long read;
  private double least = Double.POSITIVE_INFINITY;
  private double greatest = Double.NEGATIVE_INFINITY;

  LayerSums(@Nullable Grid grid) {
    this.grid = grid != null && grid.isKnown() ? grid : null;
  }

  /** Adds what the float graph has and what the quantized one has. */
  void compare(double[] real, double[] quantized) {
    for (int i = 0; i < Math.min(real.length, quantized.length); i++) {
      double difference = real[i] - quantized[i];
      if (Double.isFinite(difference)) {
        signal += real[i] * real[i];
        noise += difference * difference;
        largest = Math.max(largest, Math.abs(difference));
        count++;
      }
    }
  }

  /** Adds what a quantizer reads and what it makes of it. */
  void quantize(double[] before, double[] after) {
    if (grid == null) {
      return;
    }
    double low = grid.low() - grid.scale() / 2;
    double high = grid.high() + grid.scale() / 2;
    for (int i = 0; i < before.length; i++) {
      double x = before[i];
      if (Double.isFinite(x)) {
        read++;
        moved += (x - after[i]) * (x - after[i]);
        clipped += x < low || x > high ? 1 : 0;
        least = Math.min(least, x);
        greatest = Math.max(greatest, x);
        double place = INSIDE * (x - low) / (high - low);
        double bin = QuantizerFigures.MARGIN + Math.floor(place);
        histogram[(int) Math.clamp(bin, 0, histogram.length - 1)]++;
      }
    }
  }

  OptionalDouble sqnr() {
    boolean differs = noise > 0;
    // A signal of zeros with noise: as bad as a double can say.
    return differs
        ? OptionalDouble.of(Math.max(10 * Math.log10(signal / noise), -Double.MAX_VALUE))
        : OptionalDouble.empty();
  }

  double rmse() {
    return count == 0 ? 0 : Math.sqrt(noise / count);
  }

  double largest() {
    return largest;
  }

  Optional<QuantizerFigures> quantizer() {
    if (grid == null || read == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new QuantizerFigures(
            grid.type().text(),
            grid.scale(),
            grid.low(),
            grid.high(),
            least,
            greatest,
            Math.sqrt(moved / read),
            (double) clipped / read,
            Arrays.stream(histogram).boxed().toList()));
  }
}
