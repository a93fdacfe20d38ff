/**
 * The kernels in plain Java: fallback where the Vector API is not there, and oracle of the vector
 * kernels.
 *
 * <p>Knows the interfaces beside it only.
 *
 * <p>Start with {@link dev.fixpoint.runtime.internal.simd.scalar.ScalarInt8Kernels}. Internal.
 */
@NullMarked
package dev.fixpoint.runtime.internal.simd.scalar;

import org.jspecify.annotations.NullMarked;
