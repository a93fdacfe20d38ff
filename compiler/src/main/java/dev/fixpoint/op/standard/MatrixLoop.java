package dev.fixpoint.op.standard;

/**
 * Products of row-major matrices in double. The innermost loop runs along a row of the result, so
 * that neighbouring elements are independent; a narrow result is summed element by element instead.
 */
final class MatrixLoop {
  private static final int NARROW = 4;

  private MatrixLoop() {}

  /** Adds {@code a[rows, inner] · b[inner, columns]} to {@code y[rows, columns]}. */
  static void addProduct(
      double[] a,
      int aAt,
      double[] b,
      int bAt,
      double[] y,
      int yAt,
      int rows,
      int inner,
      int columns) {
    for (int i = 0; i < rows; i++) {
      int row = yAt + i * columns;
      if (columns < NARROW) {
        addNarrowRow(a, aAt + i * inner, b, bAt, y, row, inner, columns);
        continue;
      }
      for (int k = 0; k < inner; k++) {
        addScaled(a[aAt + i * inner + k], b, bAt + k * columns, y, row, columns);
      }
    }
  }

  private static void addScaled(
      double factor, double[] b, int bAt, double[] y, int yAt, int count) {
    for (int j = 0; j < count; j++) {
      y[yAt + j] += factor * b[bAt + j];
    }
  }

  private static void addNarrowRow(
      double[] a, int aAt, double[] b, int bAt, double[] y, int yAt, int inner, int columns) {
    for (int j = 0; j < columns; j++) {
      double sum = y[yAt + j];
      for (int k = 0; k < inner; k++) {
        sum += a[aAt + k] * b[bAt + k * columns + j];
      }
      y[yAt + j] = sum;
    }
  }

  /** Adds {@code a[rows, inner] · b'[inner, columns]} to y, where b is {@code [columns, inner]}. */
  static void addTransposedProduct(
      double[] a, double[] b, double[] y, int rows, int inner, int columns) {
    if (rows >= NARROW) {
      addProduct(a, 0, transposed(b, columns, inner), 0, y, 0, rows, inner, columns);
      return;
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        addNarrowRow(a, i * inner, b, j * inner, y, i * columns + j, inner, 1);
      }
    }
  }

  /** The transpose of {@code x[rows, columns]}. */
  static double[] transposed(double[] x, int rows, int columns) {
    double[] result = new double[x.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = x[i * columns + j];
      }
    }
    return result;
  }
}
