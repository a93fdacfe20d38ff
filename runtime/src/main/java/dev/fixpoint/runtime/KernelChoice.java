package dev.fixpoint.runtime;

/** Which of the runtime's own kernels a session computes with; integer results do not differ. */
public enum KernelChoice {
  /** The fastest that this Java has, after a start in plain Java. */
  AUTOMATIC,
  /** Plain loops. */
  SCALAR,
  /** The Vector API, which needs the module {@code jdk.incubator.vector}. */
  VECTOR
}
