/**
 * Rewriting: patterns, rules with an error contract, and the one door to a changed graph.
 *
 * <p>Knows graphs, bounds and analyses; no concrete operator and no pass. Matching cannot change
 * anything, because graphs are immutable.
 *
 * <p>Start with {@link dev.fixpoint.rewrite.RewriteRule}, whose documentation is the recipe for a
 * new rule. Evolving.
 */
@NullMarked
package dev.fixpoint.rewrite;

import org.jspecify.annotations.NullMarked;
