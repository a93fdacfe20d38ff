/**
 * Matcher, rule index, driver and working copy: the machinery of rewriting, not exported.
 *
 * <p>Knows what {@code rewrite} knows.
 *
 * <p>Start with {@link dev.fixpoint.rewrite.internal.GreedyDriver}.
 */
@NullMarked
package dev.fixpoint.rewrite.internal;

import org.jspecify.annotations.NullMarked;
