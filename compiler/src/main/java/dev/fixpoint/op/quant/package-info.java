/**
 * Operators on quantized tensors, one file each: quantizers, ONNX's integer operators, those of
 * ONNX Runtime, and the integer forms that lowering makes.
 *
 * <p>Knows operators and tensors, not graphs. {@link dev.fixpoint.op.quant.Epilogue} is the one
 * place with the arithmetic from an integer accumulator to an output.
 *
 * <p>Start with {@link dev.fixpoint.op.quant.QuantOps}, the catalogue, then {@link
 * dev.fixpoint.op.quant.QConv}. Evolving.
 */
@NullMarked
package dev.fixpoint.op.quant;

import org.jspecify.annotations.NullMarked;
