package dev.fixpoint.runtime;

import dev.fixpoint.runtime.internal.simd.Int8KernelsProvider;
import dev.fixpoint.runtime.internal.simd.Primitives;

/** Which of the runtime's own kernels a session computes with; integer results do not differ. */
public enum KernelChoice {
  /** The fastest that this Java has, after a start in plain Java. */
  AUTOMATIC,
  /** Plain loops. */
  SCALAR,
  /**
   * The Vector API, which needs the module {@code jdk.incubator.vector}; and for products machine
   * code, where the CPU has integer multiply-adds and Java was started with {@code
   * --enable-native-access}.
   */
  VECTOR;

  /**
   * What computes in the end, such as {@code vector, 512 bits, machine code, quads}.
   *
   * @throws IllegalStateException if this Java cannot run these kernels
   */
  public String description() {
    return primitives().int8().description();
  }

  /** The kernels themselves. */
  Primitives primitives() {
    return switch (this) {
      case AUTOMATIC -> Int8KernelsProvider.primitives();
      case SCALAR -> Int8KernelsProvider.scalar();
      case VECTOR -> Int8KernelsProvider.vector();
    };
  }
}
