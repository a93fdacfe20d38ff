package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** What softmax makes of a line: {@code e^xᵢ / Σ e^xⱼ}. */
final class Probabilities {
  /** Covers the rounding of sums and logarithms in double. */
  private static final double SLACK = 0x1p-40;

  private Probabilities() {}

  /**
   * An interval of {@code log Σⱼ e^(xⱼ - xᵢ)} for one term of a line: at least 0, as one of the
   * terms is the one itself.
   */
  static Interval surprise(Interval term, Group line) {
    double least = 0;
    double most = 0;
    // Counted with the term itself, whose share is 1 instead: take its extremes out and 1 in.
    for (Interval other : line.terms()) {
      least += Math.exp(other.low() - term.high());
      most += Math.exp(other.high() - term.low());
    }
    double low = least * line.times().low() * (1 - SLACK) - Math.exp(term.low() - term.high());
    double high = most * line.times().high() * (1 + SLACK) - Math.exp(term.high() - term.low());
    double below = low > 0 ? Math.log1p(low) : 0;
    double above = Math.log1p(Math.max(high, 0));
    // Where a sum overflows, its largest term says enough, with all of its size.
    if (below == Double.POSITIVE_INFINITY) {
      below = Outward.addDown(line.largest().low(), -term.high());
    }
    if (!(above < Double.POSITIVE_INFINITY)) {
      above =
          Outward.addUp(
              Outward.addUp(line.largest().high(), -term.low()), Math.log(line.count()) + SLACK);
    }
    return new Interval(Math.max(below - SLACK, 0), above + SLACK);
  }

  /**
   * Relative distance of a probability computed in floating point from the exact one: rounded
   * differences to the largest term, exponentials, their sum, a quotient.
   */
  static double relativeRoundoff(double[] line, double x, ElementType type) {
    double u = Transfers.unitRoundoff(type);
    double largest = Arrays.stream(line).max().orElse(0);
    double depth = largest - x;
    double inSum = 0; // weighted by the terms' share: a deep term weighs little
    for (double other : line) {
      inSum = Math.max(inSum, (largest - other) * Math.exp(other - largest) * line.length);
    }
    double library = 4 * RealFunction.LIBRARY_ULPS;
    double exponent = u * (depth + (Double.isNaN(inSum) ? 0 : inSum) + library + 4);
    return 1.01 * (exponent + Transfers.gamma(type, line.length + 2L));
  }
}
