package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.bound.Accumulator;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import java.util.List;
import java.util.stream.IntStream;

/** The overflow certificates of integer products. */
final class IntegerProofs {
  private IntegerProofs() {}

  /**
   * The weights, if every sum that they can give fits 32 bits.
   *
   * @throws IllegalArgumentException if one might not, naming the channel
   */
  static Int8Weights proved(Int8Weights weights) {
    for (int c = 0; c < weights.columns(); c++) {
      Accumulator accumulator = weights.accumulator(c);
      if (!accumulator.fitsInt32()) {
        throw new IllegalArgumentException(
            "the sum of output channel "
                + c
                + " may reach "
                + accumulator.magnitude()
                + ", which does not fit 32 bits; split the node along its depth");
      }
    }
    return weights;
  }

  /** The largest magnitude of the accumulators of each column of all parts. */
  static long[] magnitudes(List<Int8Weights> parts) {
    return parts.stream()
        .flatMapToLong(
            part ->
                IntStream.range(0, part.columns()).mapToLong(c -> part.accumulator(c).magnitude()))
        .toArray();
  }
}
