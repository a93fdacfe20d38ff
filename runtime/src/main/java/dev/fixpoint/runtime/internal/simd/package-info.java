/**
 * Two interfaces of coarse primitives over arrays, 8-bit and float32, and the choice of their
 * implementation.
 *
 * <p>Knows nothing of graphs: geometry, packed weights and epilogues are plain values.
 *
 * <p>Start with {@link dev.fixpoint.runtime.internal.simd.Int8Kernels}. Internal.
 */
@NullMarked
package dev.fixpoint.runtime.internal.simd;

import org.jspecify.annotations.NullMarked;
