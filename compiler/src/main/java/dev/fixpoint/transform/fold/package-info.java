/**
 * Rewrites that compute at compile time: constant parts, and affine steps into the weights before
 * them.
 *
 * <p>Knows concrete operators and rewriting.
 *
 * <p>Start with {@link dev.fixpoint.transform.fold.FoldBatchNormIntoConv}. Evolving.
 */
@NullMarked
package dev.fixpoint.transform.fold;

import org.jspecify.annotations.NullMarked;
