package dev.fixpoint.runtime.kernel;

import dev.fixpoint.tensor.Shape;

/**
 * The copy of a tensor from one layout into another, as a transposition of {@code batch} matrices.
 *
 * @param batch number of matrices
 * @param rows rows of each in the source
 * @param columns columns of each in the source
 */
public record LayoutChange(int batch, int rows, int columns) {
  private static final int BLOCK = 16;

  /** Fewer rows than this are copied one by one, because a block would be left at once. */
  private static final int FEW = 8;

  /** The copy of a tensor of a shape. */
  public static LayoutChange of(Shape shape, Layout from, Layout to) {
    if (from == to || Layout.coincide(shape)) {
      return new LayoutChange(1, 1, Math.toIntExact(shape.elementCount()));
    }
    int batch = shape.intSize(0);
    int channels = shape.intSize(1);
    long matrix = (long) batch * channels;
    int inner = matrix == 0 ? 0 : Math.toIntExact(shape.elementCount() / matrix);
    return from == Layout.ROW_MAJOR
        ? new LayoutChange(batch, channels, inner)
        : new LayoutChange(batch, inner, channels);
  }

  /** Whether nothing changes place. */
  public boolean isPlainCopy() {
    return rows == 1 || columns == 1;
  }

  /** Copies floats. */
  public void move(float[] from, int fromOffset, float[] to, int toOffset) {
    if (isPlainCopy()) {
      System.arraycopy(from, fromOffset, to, toOffset, batch * rows * columns);
      return;
    }
    for (int row = 0; rows < FEW && row < batch * rows; row++) {
      int first = toOffset + row / rows * rows * columns + row % rows;
      spread(from, fromOffset + row * columns, columns, to, first, rows);
    }
    for (int b = 0; rows >= FEW && b < batch; b++) {
      int shift = b * rows * columns;
      for (int r0 = 0; r0 < rows; r0 += BLOCK) {
        int r1 = Math.min(r0 + BLOCK, rows);
        for (int c = 0; c < columns; c++) {
          int target = toOffset + shift + c * rows;
          int source = fromOffset + shift + c;
          for (int r = r0; r < r1; r++) {
            to[target + r] = from[source + r * columns];
          }
        }
      }
    }
  }

  /** Copies bytes. */
  public void move(byte[] from, int fromOffset, byte[] to, int toOffset) {
    if (isPlainCopy()) {
      System.arraycopy(from, fromOffset, to, toOffset, batch * rows * columns);
      return;
    }
    for (int row = 0; rows < FEW && row < batch * rows; row++) {
      int first = toOffset + row / rows * rows * columns + row % rows;
      spread(from, fromOffset + row * columns, columns, to, first, rows);
    }
    for (int b = 0; rows >= FEW && b < batch; b++) {
      int shift = b * rows * columns;
      for (int r0 = 0; r0 < rows; r0 += BLOCK) {
        int r1 = Math.min(r0 + BLOCK, rows);
        for (int c = 0; c < columns; c++) {
          int target = toOffset + shift + c * rows;
          int source = fromOffset + shift + c;
          for (int r = r0; r < r1; r++) {
            to[target + r] = from[source + r * columns];
          }
        }
      }
    }
  }

  private static void spread(float[] from, int at, int count, float[] to, int target, int step) {
    for (int i = 0, j = target; i < count; i++, j += step) {
      to[j] = from[at + i];
    }
  }

  private static void spread(byte[] from, int at, int count, byte[] to, int target, int step) {
    for (int i = 0, j = target; i < count; i++, j += step) {
      to[j] = from[at + i];
    }
  }
}
