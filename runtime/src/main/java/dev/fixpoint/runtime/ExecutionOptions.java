package dev.fixpoint.runtime;

import dev.fixpoint.runtime.kernel.KernelProvider;
import java.util.List;

/**
 * How a session runs.
 *
 * @param threads threads that a step may use, the caller's included; results do not depend on it
 * @param kernels kernels that are asked before those that come with the runtime
 * @param choice which of the runtime's kernels compute
 * @param reference whether every node runs by its reference semantics, as an oracle
 */
public record ExecutionOptions(
    int threads, KernelProvider kernels, KernelChoice choice, boolean reference) {
  /** One thread, the runtime's kernels. */
  public static final ExecutionOptions DEFAULT =
      new ExecutionOptions(1, _ -> List.of(), KernelChoice.AUTOMATIC, false);

  /** Refuses a thread count below 1. */
  public ExecutionOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("a session needs at least one thread, not " + threads);
    }
  }

  /** These options with another number of threads. */
  public ExecutionOptions withThreads(int newThreads) {
    return new ExecutionOptions(newThreads, kernels, choice, reference);
  }

  /** These options with kernels that are asked before those that come with the runtime. */
  public ExecutionOptions withKernels(KernelProvider newKernels) {
    return new ExecutionOptions(threads, newKernels, choice, reference);
  }

  /** These options with a choice among the runtime's own kernels. */
  public ExecutionOptions withChoice(KernelChoice newChoice) {
    return new ExecutionOptions(threads, kernels, newChoice, reference);
  }

  /** These options with every node run by its reference semantics, or not. */
  public ExecutionOptions withReference(boolean onlyReference) {
    return new ExecutionOptions(threads, kernels, choice, onlyReference);
  }
}
