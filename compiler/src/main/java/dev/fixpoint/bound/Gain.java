package dev.fixpoint.bound;

import java.util.Arrays;

/**
 * The factor by which a linear step can enlarge an error: one for the whole tensor, or one for each
 * index of an axis. Factors are not negative.
 *
 * @param spread how the factors spread over the result
 * @param factors the factors
 */
public record Gain(Spread spread, double... factors) {
  /** Refuses negative factors and NaN. */
  public Gain {
    factors = factors.clone();
    if (factors.length != spread.count() || !Arrays.stream(factors).allMatch(f -> f >= 0)) {
      throw new IllegalArgumentException("not a gain: " + Arrays.toString(factors));
    }
  }

  /** One factor for the whole tensor. */
  public static Gain of(double factor) {
    return new Gain(Spread.UNIFORM, factor);
  }

  /** A factor for each index of an axis. */
  public static Gain perChannel(int axis, double... factors) {
    return new Gain(new Spread.Along(axis, factors.length), factors);
  }

  @Override
  public double[] factors() {
    return factors.clone();
  }

  /** The largest factor. */
  public double max() {
    return Arrays.stream(factors).max().orElse(0);
  }
}
