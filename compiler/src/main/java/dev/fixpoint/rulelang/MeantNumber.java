package dev.fixpoint.rulelang;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.tensor.Tensor;

/**
 * A number in a pattern, which a constant of the graph stands for: the constant is that number only
 * as far as its element type goes, and a rule that is an identity over the reals means the number.
 *
 * @param constant key of the constant
 * @param number the number
 */
record MeantNumber(Capture<Value> constant, double number) {
  /** How far a stored constant is from the number. */
  ErrorBound error(Tensor stored) {
    double largest = 0;
    for (double element : stored.toDoubles()) {
      largest = Math.max(largest, Math.abs(element - number));
    }
    double error = largest == 0 ? 0 : Math.nextUp(largest);
    return ErrorBound.uniform(error + spelling(number));
  }

  /** How far a number can be from the one that its digits are the beginning of. */
  static double spelling(double number) {
    return number == (float) number || !Double.isFinite(number) ? 0 : Math.ulp(number);
  }
}
