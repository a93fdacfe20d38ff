/**
 * The seam between plan and kernels: what a kernel is asked, what it is given, and where its
 * operands lie.
 *
 * <p>Knows tensor, op and ir. A custom kernel implements {@link
 * dev.fixpoint.runtime.kernel.Kernel}.
 *
 * <p>Start with {@link dev.fixpoint.runtime.kernel.Kernel}. Evolving.
 */
@NullMarked
package dev.fixpoint.runtime.kernel;

import org.jspecify.annotations.NullMarked;
