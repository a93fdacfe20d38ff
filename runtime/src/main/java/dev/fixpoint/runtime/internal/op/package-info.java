/**
 * One kernel for each operator or family of operators, written once above the primitives.
 *
 * <p>Knows the kernel seam, op, ir and the primitives. The operator's {@code evaluate} is the
 * oracle.
 *
 * <p>Start with {@link dev.fixpoint.runtime.internal.op.Kernels}. Internal.
 */
@NullMarked
package dev.fixpoint.runtime.internal.op;

import org.jspecify.annotations.NullMarked;
