package dev.fixpoint.runtime.internal.simd;

/** Weights in the order that one implementation of the kernels wants; opaque to everybody else. */
public interface PackedWeights {
  /** Number of output columns. */
  int columns();

  /** Number of panels, the units in which output columns can be split. */
  int panels();

  /** Bytes that the packed form takes. */
  long bytes();
}
