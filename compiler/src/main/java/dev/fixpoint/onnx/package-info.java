/**
 * Model files: ONNX's protobuf files and its textual syntax to graphs and back.
 *
 * <p>Knows the graph and the operators' definitions. Nothing outside this package and its internals
 * sees protobuf.
 *
 * <p>Start with {@link dev.fixpoint.onnx.OnnxReader} and {@link dev.fixpoint.onnx.OnnxWriter}.
 * Evolving.
 */
@NullMarked
package dev.fixpoint.onnx;

import org.jspecify.annotations.NullMarked;
