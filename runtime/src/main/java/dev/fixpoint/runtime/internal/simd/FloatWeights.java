package dev.fixpoint.runtime.internal.simd;

/**
 * The weights of one group of a float32 convolution or matrix product.
 *
 * @param values one row of {@code depth} weights for each output column; kernel row, kernel column,
 *     channel within it
 * @param columns number of output columns
 * @param depth weights of a column
 * @param bias bias of each column
 */
public record FloatWeights(float[] values, int columns, int depth, float[] bias) {}
