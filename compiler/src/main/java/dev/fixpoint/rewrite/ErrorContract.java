package dev.fixpoint.rewrite;

import dev.fixpoint.bound.ErrorBound;

/**
 * The promise of a rewrite: how far a value can be from what it was, in reference semantics and
 * stored values, for all inputs inside the ranges.
 */
public interface ErrorContract {
  /** The kind of promise in a word or two, such as {@code real_identity}. */
  String text();

  /** The bound at one application. */
  ErrorBound bound(RewriteSite site);

  /** Whether a value made differently stays within its range: the function is the same. */
  default boolean keepsRanges() {
    return false;
  }

  /** Equal bits: pure structure. */
  static ErrorContract bitExact() {
    return new NamedContract("bit_exact", _ -> ErrorBound.EXACT, true);
  }

  /**
   * Equal over the reals: the roundings of both sides and of the constants that the replacement
   * computed, carried to the output.
   */
  static ErrorContract realIdentity() {
    return new NamedContract("real_identity", RealDistance::between, true);
  }

  /**
   * Quantization: the local errors (half a step and clipping) of the quantizers that the
   * replacement introduces, carried to the output, and the roundings of both sides.
   */
  static ErrorContract quantization() {
    return of("quantization", RealDistance::between);
  }

  /** At most {@code steps} integer steps. */
  static ErrorContract lsb(int steps) {
    return of("lsb(" + steps + ")", _ -> ErrorBound.uniform(steps));
  }

  /** A formula of its own. */
  static ErrorContract custom(String text, Formula formula) {
    return of(text, formula);
  }

  private static ErrorContract of(String text, Formula formula) {
    return new NamedContract(text, formula, false);
  }

  /** Computes the bound at one application. */
  @FunctionalInterface
  interface Formula {
    /** The bound at one application. */
    ErrorBound bound(RewriteSite site);
  }
}
