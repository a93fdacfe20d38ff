/**
 * Measures of a quantized graph, value by value, against the float graph that it came from.
 *
 * <p>Knows operators and graphs; not the passes that made the graph, and not how it is shown.
 *
 * <p>Start with {@link dev.fixpoint.report.LayerStudy}. Evolving.
 */
@NullMarked
package dev.fixpoint.report;

import org.jspecify.annotations.NullMarked;
