/**
 * From bytes to a graph in four steps, and back: {@link dev.fixpoint.onnx.internal.WireScan} checks
 * the bytes, {@link dev.fixpoint.onnx.internal.ProtoSource} reads protobuf into a {@link
 * dev.fixpoint.onnx.internal.SourceModel}, the {@link dev.fixpoint.onnx.internal.GraphAssembler}
 * connects names, inlines functions and lifts old operator forms.
 *
 * <p>A {@code SourceModel} is a model as it is written, by name; {@link
 * dev.fixpoint.onnx.internal.TextSource} makes one of a parse tree of ONNX text as well and gets
 * the rest for free.
 *
 * <p>Start with {@link dev.fixpoint.onnx.internal.GraphAssembler}. Not exported.
 */
@NullMarked
package dev.fixpoint.onnx.internal;

import org.jspecify.annotations.NullMarked;
