package dev.fixpoint.op.standard;

import java.util.function.DoubleUnaryOperator;

/**
 * Sums with one compensated rounding (Neumaier, ZAMM 54, 1974): the error stays near one ulp of the
 * result and does not grow with the number of terms.
 */
final class Sums {
  private Sums() {}

  /** The sum of a function of the elements of an array at a base plus offsets. */
  static double of(double[] x, int base, int[] offsets, DoubleUnaryOperator term) {
    double sum = 0;
    double lost = 0;
    for (int offset : offsets) {
      double value = term.applyAsDouble(x[base + offset]);
      double next = sum + value;
      lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
      sum = next;
    }
    return Double.isFinite(sum) ? sum + lost : sum;
  }
}
