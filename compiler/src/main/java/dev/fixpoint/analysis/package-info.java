/**
 * What can be found out about a graph: its values by reference evaluation, its ranges, its errors.
 *
 * <p>Knows graphs and bounds, not rules or passes.
 *
 * <p>Start with {@link dev.fixpoint.analysis.ReferenceInterpreter}, then {@link
 * dev.fixpoint.analysis.RangeAnalysis}. Evolving.
 */
@NullMarked
package dev.fixpoint.analysis;

import org.jspecify.annotations.NullMarked;
