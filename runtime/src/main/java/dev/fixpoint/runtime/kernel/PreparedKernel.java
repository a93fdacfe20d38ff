package dev.fixpoint.runtime.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A kernel made ready for one call of known shapes. Its work is a number of independent units, of
 * which any thread can run any range; the results do not depend on the ranges. It keeps no state
 * between runs.
 */
public interface PreparedKernel {
  /** Number of units that the work can be cut into, at least 1. */
  default int units() {
    return 1;
  }

  /** Whether the multiply-accumulates of the call run on integers. */
  default boolean isInteger() {
    return false;
  }

  /**
   * Whether {@link Kernel#prepare} has taken in this constant input, so that no buffer is needed.
   */
  default boolean hasTakenIn(int input) {
    return false;
  }

  /**
   * Whether this constant input lies packed in the store of the session, so that preparing the node
   * for other shapes does not need it.
   */
  default boolean isPacked(int input) {
    return false;
  }

  /**
   * This kernel with its output among the channels of a channels-last tensor that has {@code pitch}
   * of them, the first where the output's buffer begins; null where it cannot.
   */
  default @Nullable PreparedKernel intoSlice(int pitch) {
    return null;
  }

  /** Bytes of packed constants that this kernel keeps. */
  default long packedBytes() {
    return 0;
  }

  /** Runs the units {@code first} (included) to {@code end} (excluded). */
  void execute(Operands operands, int first, int end, Scratch scratch);
}
