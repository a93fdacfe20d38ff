package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.kernel.Scratch;
import org.jspecify.annotations.Nullable;

/** Panels that are multiplied as floats, stretch of depth by stretch. */
abstract class TiledPanels extends Panels<float[]> {
  /** Longest stretch of depth that is multiplied in one go; a widened panel of it stays in L1. */
  static final int CHUNK = 256;

  TiledPanels(int columns, int depth, RowSource source) {
    super(columns, depth, new FloatRows(source));
  }

  /**
   * Adds products over a stretch of a panel's depth to the accumulator block.
   *
   * @param depth where the stretch begins
   * @param count its length
   * @param a array in which the rows lie
   * @param offsets where each row begins, less {@code shift}; padded to whole tiles
   * @param start what the accumulators of all columns start from, or null to continue
   */
  void multiply(
      int panel,
      int depth,
      int count,
      float[] a,
      int[] offsets,
      int shift,
      int rows,
      float[] sums,
      float @Nullable [] start,
      Scratch scratch) {
    float[] b = stretch(panel, depth, count, scratch);
    int from = stretchAt(panel, depth);
    int column = panel * Tiles.WIDE;
    Tiles.multiply(a, offsets, shift, rows, b, from, width(panel), count, sums, start, column);
  }

  /** An array that holds a stretch of a panel as floats. */
  abstract float[] stretch(int panel, int from, int count, Scratch scratch);

  /** Where in {@link #stretch} it begins. */
  abstract int stretchAt(int panel, int from);

  /** What accumulators start from. */
  abstract Start start();

  /**
   * Gets ready for {@link #sumRow} on a row.
   *
   * @param a array in which the row lies, as floats
   * @param at where it begins
   */
  abstract void beginRow(float[] a, int at, Scratch scratch);

  /**
   * Sums of one row over a wide panel and maybe the next ones, as float32 of exact or float sums,
   * if this form has a way to read its weights only once.
   *
   * @param end panels from here on are not wanted
   * @param a array in which the row lies, as floats
   * @param at where it begins
   * @return for how many panels it has; the sums lie side by side
   */
  abstract int sumRow(
      int panel, int end, Start start, float[] a, int at, float[] sums, Scratch scratch);
}
