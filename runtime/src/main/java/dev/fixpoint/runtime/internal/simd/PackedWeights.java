package dev.fixpoint.runtime.internal.simd;

/** Weights in the order that one implementation of the kernels wants; opaque to everybody else. */
public interface PackedWeights {
  /** Number of output columns. */
  int columns();

  /** Number of blocks of {@link Int8Kernels#COLUMN_BLOCK} columns in which the work can be cut. */
  default int blocks() {
    return Math.ceilDiv(columns(), Int8Kernels.COLUMN_BLOCK);
  }

  /** Bytes that the packed form takes. */
  long bytes();
}
