package dev.fixpoint.cli.report;

import java.util.OptionalDouble;

/**
 * What was said of one value before the quantized network ran.
 *
 * @param decibels the estimated signal-to-noise ratio; empty where none could be given, or no noise
 *     is expected
 * @param unclipped the largest difference that was proved possible while no quantizer clips; empty
 *     where there is no bound
 * @param unconditional the same in any case
 */
public record Expectation(
    OptionalDouble decibels, OptionalDouble unclipped, OptionalDouble unconditional) {
  /** Of a value of which nothing was said. */
  public static final Expectation NONE =
      new Expectation(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
}
