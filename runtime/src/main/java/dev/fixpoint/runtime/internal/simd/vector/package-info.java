/**
 * The kernels on the Vector API, written once for every width. The only package that imports {@code
 * jdk.incubator.vector}.
 *
 * <p>Knows the interfaces beside it, and the routines of machine code that its panels may be
 * multiplied by.
 *
 * <p>Start with {@link dev.fixpoint.runtime.internal.simd.vector.PanelProduct}. Internal.
 */
@NullMarked
package dev.fixpoint.runtime.internal.simd.vector;

import org.jspecify.annotations.NullMarked;
