/**
 * From a graph with concrete shapes to steps over two arenas, and their execution.
 *
 * <p>Knows ir, the kernel seam, and of the operators only which need no step.
 *
 * <p>Start with {@link dev.fixpoint.runtime.internal.plan.ExecutionPlanner}. Internal.
 */
@NullMarked
package dev.fixpoint.runtime.internal.plan;

import org.jspecify.annotations.NullMarked;
