package dev.fixpoint.op.standard;

import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** Usual bounds on the rounding of sums in floating point. */
final class Roundoff {
  private Roundoff() {}

  /**
   * Distance of a sum in any order from the exact one, {@code γ Σ|x|} (Higham, 2002, section 4.2).
   *
   * @param more roundings after each term beside those of the sum
   */
  static double ofSum(double[] x, int more, ElementType type) {
    double absolute = Arrays.stream(x).map(Math::abs).sum();
    return Transfers.gamma(type, x.length + 1 + more) * absolute;
  }

  /** The sum in double. */
  static double sum(double[] x) {
    return Arrays.stream(x).sum();
  }
}
