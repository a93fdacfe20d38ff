package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;

/**
 * A prepared kernel whose outputs each depend on one element of its first input: units are runs of
 * neighbours, and all other inputs are taken in.
 */
interface ElementRuns extends PreparedKernel {
  /** Elements of a unit. */
  int RUN = 4096;

  /** Number of elements. */
  int count();

  /**
   * Computes some neighbours.
   *
   * @param from the first of them, counted from the beginning of both buffers
   */
  void run(Buffer x, Buffer y, int from, int length, Scratch scratch);

  @Override
  default int units() {
    return Math.max(1, Math.ceilDiv(count(), RUN));
  }

  @Override
  default boolean hasTakenIn(int input) {
    return input > 0;
  }

  @Override
  default void execute(Operands operands, int first, int end, Scratch scratch) {
    int from = first * RUN;
    int length = Math.max(0, Math.min(count(), end * RUN) - from);
    run(operands.input(0), operands.output(), from, length, scratch);
  }
}
