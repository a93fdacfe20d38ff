/**
 * Operators below the graph: schema, attributes, and what a definition must say.
 *
 * <p>Knows tensors and bounds, not graphs: an {@link dev.fixpoint.op.OpCall} shows attributes,
 * inputs and known shape values of one call, and no neighbours.
 *
 * <p>Start with {@link dev.fixpoint.op.OpDefinition}, whose documentation is the recipe for a new
 * operator. Evolving.
 */
@NullMarked
package dev.fixpoint.op;

import org.jspecify.annotations.NullMarked;
