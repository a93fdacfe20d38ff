/**
 * The float operators of ONNX and their fused forms, one file each.
 *
 * <p>Knows {@code op} and what is below, not the graph. Each file holds signature, types, reference
 * semantics, and how ranges and errors pass through.
 *
 * <p>Start with {@link dev.fixpoint.op.standard.Relu}, then {@link
 * dev.fixpoint.op.standard.StandardOps}, the catalogue. Evolving.
 */
@NullMarked
package dev.fixpoint.op.standard;

import org.jspecify.annotations.NullMarked;
