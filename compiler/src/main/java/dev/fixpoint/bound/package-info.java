/**
 * Ranges of values and bounds on errors, with arithmetic that rounds outward.
 *
 * <p>Knows tensors, not operators or graphs. Whatever comes out of a computation here holds for the
 * exact result too: an upper bound never falls below it, and "unknown" is a value that fails a
 * check instead of passing it.
 *
 * <p>Start with {@link dev.fixpoint.bound.ErrorBound}, then {@link dev.fixpoint.bound.Range}.
 * Evolving.
 */
@NullMarked
package dev.fixpoint.bound;

import org.jspecify.annotations.NullMarked;
