package dev.fixpoint.op.quant;

import dev.fixpoint.bound.Accumulator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The exact integer matrix product. Operands are integers less their zero points. */
final class IntegerProduct {
  private IntegerProduct() {}

  /**
   * Rows of {@code a [rows, depth] · b [depth, columns] + bias [columns]}, each handed over when
   * done.
   *
   * @param aOffset where the left matrix starts in {@code a}
   * @param bOffset where the right matrix starts in {@code b}
   * @throws ArithmeticException if an accumulator does not fit 32 bits
   */
  static void forEachRow(
      int[] a,
      int aOffset,
      int[] b,
      int bOffset,
      int rows,
      int depth,
      int columns,
      int @Nullable [] bias,
      RowConsumer consumer) {
    if (bias != null && bias.length != columns) {
      throw new IllegalArgumentException(
          "bias has " + bias.length + " entries for " + columns + " columns");
    }
    boolean fits = fits(magnitude(a, aOffset, rows * depth), b, bOffset, depth, columns, bias);
    int[] row = new int[columns];
    long[] wide = new long[fits ? 0 : columns];
    for (int i = 0; i < rows; i++) {
      if (fits) {
        accumulate(a, aOffset + i * depth, b, bOffset, depth, bias, row);
        consumer.accept(i, row);
      } else {
        accumulateWide(a, aOffset + i * depth, b, bOffset, depth, bias, wide);
        consumer.acceptWide(i, wide);
      }
    }
  }

  /** Receives one row of accumulators. */
  @FunctionalInterface
  interface RowConsumer {
    /** Receives a row, valid during the call. */
    void accept(int index, int[] row);

    /**
     * Receives a row whose accumulators may not fit 32 bits.
     *
     * @throws ArithmeticException if one does not, and this consumer takes 32 bits only
     */
    default void acceptWide(int index, long[] row) {
      int[] narrow = new int[row.length];
      for (int j = 0; j < narrow.length; j++) {
        narrow[j] = accumulator(row[j]);
      }
      accept(index, narrow);
    }
  }

  private static boolean fits(
      long magnitude, int[] b, int bOffset, int depth, int columns, int @Nullable [] bias) {
    long[] sums = new long[columns];
    for (int k = 0; k < depth; k++) {
      for (int j = 0; j < columns; j++) {
        sums[j] += Math.abs(b[bOffset + k * columns + j]);
      }
    }
    for (int j = 0; j < columns; j++) {
      if (!Accumulator.of(sums[j], magnitude, bias == null ? 0 : bias[j]).fitsInt32()) {
        return false;
      }
    }
    return true;
  }

  private static void accumulate(
      int[] a, int aStart, int[] b, int bOffset, int depth, int @Nullable [] bias, int[] row) {
    start(bias, row);
    for (int k = 0; k < depth; k++) {
      int left = a[aStart + k];
      int start = bOffset + k * row.length;
      for (int j = 0; j < row.length; j++) {
        row[j] += left * b[start + j];
      }
    }
  }

  private static void start(int @Nullable [] bias, int[] row) {
    if (bias == null) {
      Arrays.fill(row, 0);
    } else {
      System.arraycopy(bias, 0, row, 0, row.length);
    }
  }

  private static void accumulateWide(
      int[] a, int aStart, int[] b, int bOffset, int depth, int @Nullable [] bias, long[] row) {
    for (int j = 0; j < row.length; j++) {
      long sum = bias == null ? 0 : bias[j];
      for (int k = 0; k < depth; k++) {
        sum += (long) a[aStart + k] * b[bOffset + k * row.length + j];
      }
      row[j] = sum;
    }
  }

  /** A sum as an accumulator; throws where it does not fit 32 bits. */
  static int accumulator(long sum) {
    if (sum != (int) sum) {
      throw new ArithmeticException(
          "the accumulator " + sum + " does not fit 32 bits; use a larger weight scale");
    }
    return (int) sum;
  }

  /** Largest absolute value. */
  static long magnitude(int[] values) {
    return magnitude(values, 0, values.length);
  }

  private static long magnitude(int[] values, int from, int count) {
    int largest = 0;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    return largest;
  }

  /** The transpose of a matrix {@code [rows, columns]}. */
  static int[] transposed(int[] matrix, int rows, int columns) {
    int[] result = new int[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = matrix[i * columns + j];
      }
    }
    return result;
  }
}
