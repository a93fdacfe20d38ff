package dev.fixpoint.runtime.internal.simd;

/**
 * The weights of one group of a float32 convolution or matrix product.
 *
 * @param values the weights
 * @param from position of the first one
 * @param columnStep distance between the same weights of neighbouring columns
 * @param depthStep distance between neighbouring weights of a column: kernel row, kernel column,
 *     channel within it
 * @param columns number of output columns
 * @param depth weights of a column
 * @param bias bias of each column
 */
public record FloatWeights(
    float[] values, int from, int columnStep, int depthStep, int columns, int depth, float[] bias) {

  /** Weights that lie column by column. */
  public FloatWeights(float[] values, int columns, int depth, float[] bias) {
    this(values, 0, depth, 1, columns, depth, bias);
  }

  /** The weight of a column. */
  public float at(int column, int index) {
    return values[from + column * columnStep + index * depthStep];
  }
}
