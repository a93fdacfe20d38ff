/**
 * The graph: immutable values, nodes and their connections, as ONNX has them.
 *
 * <p>Knows operators by their definition only, never a concrete one, and no patterns or passes. A
 * graph changes by becoming another graph; within a compilation only the rewriter does that.
 *
 * <p>Start with {@link dev.fixpoint.ir.Graph}, then {@link dev.fixpoint.ir.GraphBuilder}. Evolving.
 */
@NullMarked
package dev.fixpoint.ir;

import org.jspecify.annotations.NullMarked;
