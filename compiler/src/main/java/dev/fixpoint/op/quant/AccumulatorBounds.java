package dev.fixpoint.op.quant;

import dev.fixpoint.bound.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the accumulators of an integer product before it runs, for each output channel:
 * the interval of the sum, and how far errors of the operands move it.
 *
 * @param sums interval of the accumulator of each channel, bias included
 * @param gains {@code Σ|w|} of each channel: accumulator steps for a step of the left operand
 * @param weightGain {@code Σ|x|}: accumulator steps for a step of every weight
 * @param depth products in a sum
 */
record AccumulatorBounds(List<Interval> sums, double[] gains, double weightGain, int depth) {

  /**
   * For known weights.
   *
   * @param weights weights less zero points, {@code [channels, depth]}
   * @param x interval of the left operand less its zero point
   */
  static AccumulatorBounds of(int[] weights, int channels, Interval x, int @Nullable [] bias) {
    // A tap may lie in the padding, where the operand is 0.
    Interval padded = x.join(Interval.ZERO);
    int depth = channels == 0 ? 0 : weights.length / channels;
    List<Interval> sums = new ArrayList<>();
    double[] gains = new double[channels];
    for (int c = 0; c < channels; c++) {
      long positive = 0;
      long negative = 0;
      for (int i = c * depth; i < (c + 1) * depth; i++) {
        positive += Math.max(weights[i], 0);
        negative += Math.min(weights[i], 0);
      }
      gains[c] = positive - negative;
      sums.add(
          padded
              .times(positive)
              .plus(padded.times(negative))
              .plus(Interval.point(bias == null ? 0 : bias[c])));
    }
    return new AccumulatorBounds(sums, gains, depth * x.magnitude(), depth);
  }

  /** For weights of which only the interval is known; one channel stands for all. */
  static AccumulatorBounds of(Interval w, int depth, Interval x, Interval bias) {
    Interval products = x.times(w).join(Interval.ZERO).times(depth).plus(bias);
    double[] gains = {depth * w.magnitude()};
    return new AccumulatorBounds(
        Collections.singletonList(products), gains, depth * x.magnitude(), depth);
  }

  /** Number of channels. */
  int channels() {
    return gains.length;
  }

  /** How far the accumulator of a channel moves when operands move by at most the given steps. */
  double moved(int channel, double xError, double weightError) {
    double sum = gains[channel] * xError + weightGain * weightError + depth * xError * weightError;
    return sum * (1 + 0x1p-50);
  }
}
