package dev.fixpoint.runtime.internal.simd;

import dev.fixpoint.bound.Accumulator;

/**
 * The weights of one group of an integer convolution or matrix product, and what is known of its
 * input.
 *
 * @param values the weights
 * @param from position of the first one
 * @param columnStep distance between the same weights of neighbouring columns
 * @param depthStep distance between neighbouring weights of a column: kernel row, kernel column,
 *     channel within it
 * @param columns number of output columns
 * @param depth weights of a column
 * @param unsigned whether weights are to be read as 0 to 255
 * @param zeroPoints zero point of each column
 * @param bias bias of each column in accumulator steps
 * @param inputUnsigned whether inputs are to be read as 0 to 255
 * @param inputZeroPoint zero point of the input, also the value of padding
 */
public record Int8Weights(
    byte[] values,
    int from,
    int columnStep,
    int depthStep,
    int columns,
    int depth,
    boolean unsigned,
    int[] zeroPoints,
    int[] bias,
    boolean inputUnsigned,
    int inputZeroPoint) {

  /** Weights that lie column by column. */
  public Int8Weights(
      byte[] values,
      int columns,
      int depth,
      boolean unsigned,
      int[] zeroPoints,
      int[] bias,
      boolean inputUnsigned,
      int inputZeroPoint) {
    this(
        values,
        0,
        depth,
        1,
        columns,
        depth,
        unsigned,
        zeroPoints,
        bias,
        inputUnsigned,
        inputZeroPoint);
  }

  /** These weights for an input with another zero point. */
  public Int8Weights withInputZeroPoint(int zeroPoint) {
    return new Int8Weights(
        values,
        from,
        columnStep,
        depthStep,
        columns,
        depth,
        unsigned,
        zeroPoints,
        bias,
        inputUnsigned,
        zeroPoint);
  }

  /** The weight of a column, its zero point subtracted. */
  public int at(int column, int index) {
    byte stored = values[from + column * columnStep + index * depthStep];
    return (unsigned ? stored & 0xff : stored) - zeroPoints[column];
  }

  /** Sum of the weights of a column, zero points subtracted. */
  public long sum(int column) {
    long sum = 0;
    for (int i = 0; i < depth; i++) {
      sum += at(column, i);
    }
    return sum;
  }

  /** Sum of the magnitudes of the weights of a column, zero points subtracted. */
  public long magnitude(int column) {
    long sum = 0;
    for (int i = 0; i < depth; i++) {
      sum += Math.abs(at(column, i));
    }
    return sum;
  }

  /** The overflow certificate of a column. */
  public Accumulator accumulator(int column) {
    int low = inputUnsigned ? 0 : Byte.MIN_VALUE;
    int largest = Math.max(inputZeroPoint - low, low + 255 - inputZeroPoint);
    return Accumulator.of(magnitude(column), largest, bias[column]);
  }

  /** The largest certificate of all columns. */
  public long largestMagnitude() {
    long largest = 0;
    for (int c = 0; c < columns; c++) {
      largest = Math.max(largest, accumulator(c).magnitude());
    }
    return largest;
  }

  /** The value in the middle of the input's range, around which sums are smallest. */
  public int centre() {
    return inputUnsigned ? 128 : 0;
  }

  /** The accumulator of a column where every input has the value {@link #centre()}. */
  public int centredBias(int column) {
    return centredBias(column, sum(column));
  }

  /** As {@link #centredBias(int)}, where the sum of the column's weights is known. */
  public int centredBias(int column, long sum) {
    return (int) (bias[column] + (centre() - (long) inputZeroPoint) * sum);
  }

  /** Whether every partial sum over inputs around {@link #centre()} is exact in float32. */
  public boolean fitsFloat(int column) {
    return Accumulator.of(magnitude(column), 128, centredBias(column)).fitsFloat();
  }

  /** Whether {@link #fitsFloat} holds for every column. */
  public boolean fitsFloat() {
    for (int c = 0; c < columns; c++) {
      if (!fitsFloat(c)) {
        return false;
      }
    }
    return true;
  }
}
