package dev.fixpoint.runtime.internal.simd;

import dev.fixpoint.runtime.kernel.PackedStore;
import dev.fixpoint.runtime.kernel.Scratch;

/**
 * What the kernels of a session compute with.
 *
 * @param int8 primitives over 8-bit data
 * @param floats primitives over float32 data
 */
public record Primitives(Int8Kernels int8, FloatKernels floats) {
  /** Those with which a session packs its constants. */
  public static Primitives of(PackedStore store) {
    return store.primitives() instanceof Primitives own ? own : Int8KernelsProvider.primitives();
  }

  /** Those of the session to which scratch memory belongs. */
  public static Primitives of(Scratch scratch) {
    return scratch.primitives() instanceof Primitives own ? own : Int8KernelsProvider.primitives();
  }
}
