package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * The register tiles of the panel product: four rows by two vectors, and eight rows by one.
 *
 * <p>Eight accumulators, the vectors of B and a few broadcasts fit the 16 registers of AVX2; one
 * accumulator more spills and halves the speed. Each method has one loop and named accumulators:
 * arrays of vectors would be boxed.
 */
final class Tiles {
  /** Columns of a wide panel. */
  static final int WIDE = 2 * LANES;

  /** Rows of the tile over a wide panel. */
  static final int WIDE_ROWS = 4;

  /** Rows of the tile over a panel of one vector. */
  static final int NARROW_ROWS = 8;

  private Tiles() {}

  /**
   * Adds {@code rows} dot products for each column of a panel to the accumulator block.
   *
   * @param a rows of the left matrix
   * @param offsets where in {@code a} each row starts, less {@code shift}; padded to whole tiles
   * @param b panel, {@code width} columns for each of {@code depth} steps
   * @param acc accumulator block of {@code width} columns, as many rows as padded offsets
   * @param start values that the accumulators start from, or null to continue
   */
  static void multiply(
      float[] a,
      int[] offsets,
      int shift,
      int rows,
      float[] b,
      int from,
      int width,
      int depth,
      float[] acc,
      float @Nullable [] start,
      int startAt) {
    if (width == WIDE) {
      for (int r = 0; r < rows; r += WIDE_ROWS) {
        int o0 = offsets[r] + shift;
        int o1 = offsets[r + 1] + shift;
        int o2 = offsets[r + 2] + shift;
        int o3 = offsets[r + 3] + shift;
        if (start != null) {
          wideStart(a, o0, o1, o2, o3, b, from, depth, acc, r * WIDE, start, startAt);
        } else {
          wideContinue(a, o0, o1, o2, o3, b, from, depth, acc, r * WIDE);
        }
      }
      return;
    }
    for (int r = 0; r < rows; r += NARROW_ROWS) {
      narrow(a, offsets, r, shift, b, from, depth, acc, start, startAt);
    }
  }

  private static void wideStart(
      float[] a,
      int o0,
      int o1,
      int o2,
      int o3,
      float[] b,
      int from,
      int depth,
      float[] acc,
      int at,
      float[] start,
      int startAt) {
    FloatVector left = FloatVector.fromArray(FLOAT, start, startAt);
    FloatVector right = FloatVector.fromArray(FLOAT, start, startAt + LANES);
    FloatVector c00 = left;
    FloatVector c01 = right;
    FloatVector c10 = left;
    FloatVector c11 = right;
    FloatVector c20 = left;
    FloatVector c21 = right;
    FloatVector c30 = left;
    FloatVector c31 = right;
    for (int k = 0, j = from; k < depth; k++, j += WIDE) {
      FloatVector b0 = FloatVector.fromArray(FLOAT, b, j);
      FloatVector b1 = FloatVector.fromArray(FLOAT, b, j + LANES);
      FloatVector x0 = FloatVector.broadcast(FLOAT, a[o0 + k]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOAT, a[o1 + k]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOAT, a[o2 + k]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOAT, a[o3 + k]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
    }
    c00.intoArray(acc, at);
    c01.intoArray(acc, at + LANES);
    c10.intoArray(acc, at + WIDE);
    c11.intoArray(acc, at + WIDE + LANES);
    c20.intoArray(acc, at + 2 * WIDE);
    c21.intoArray(acc, at + 2 * WIDE + LANES);
    c30.intoArray(acc, at + 3 * WIDE);
    c31.intoArray(acc, at + 3 * WIDE + LANES);
  }

  private static void wideContinue(
      float[] a,
      int o0,
      int o1,
      int o2,
      int o3,
      float[] b,
      int from,
      int depth,
      float[] acc,
      int at) {
    FloatVector c00 = FloatVector.fromArray(FLOAT, acc, at);
    FloatVector c01 = FloatVector.fromArray(FLOAT, acc, at + LANES);
    FloatVector c10 = FloatVector.fromArray(FLOAT, acc, at + WIDE);
    FloatVector c11 = FloatVector.fromArray(FLOAT, acc, at + WIDE + LANES);
    FloatVector c20 = FloatVector.fromArray(FLOAT, acc, at + 2 * WIDE);
    FloatVector c21 = FloatVector.fromArray(FLOAT, acc, at + 2 * WIDE + LANES);
    FloatVector c30 = FloatVector.fromArray(FLOAT, acc, at + 3 * WIDE);
    FloatVector c31 = FloatVector.fromArray(FLOAT, acc, at + 3 * WIDE + LANES);
    for (int k = 0, j = from; k < depth; k++, j += WIDE) {
      FloatVector b0 = FloatVector.fromArray(FLOAT, b, j);
      FloatVector b1 = FloatVector.fromArray(FLOAT, b, j + LANES);
      FloatVector x0 = FloatVector.broadcast(FLOAT, a[o0 + k]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOAT, a[o1 + k]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOAT, a[o2 + k]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOAT, a[o3 + k]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
    }
    c00.intoArray(acc, at);
    c01.intoArray(acc, at + LANES);
    c10.intoArray(acc, at + WIDE);
    c11.intoArray(acc, at + WIDE + LANES);
    c20.intoArray(acc, at + 2 * WIDE);
    c21.intoArray(acc, at + 2 * WIDE + LANES);
    c30.intoArray(acc, at + 3 * WIDE);
    c31.intoArray(acc, at + 3 * WIDE + LANES);
  }

  private static void narrow(
      float[] a,
      int[] offsets,
      int row,
      int shift,
      float[] b,
      int from,
      int depth,
      float[] acc,
      float @Nullable [] start,
      int startAt) {
    int at = row * LANES;
    if (start != null) {
      FloatVector initial = FloatVector.fromArray(FLOAT, start, startAt);
      for (int r = 0; r < NARROW_ROWS; r++) {
        initial.intoArray(acc, at + r * LANES);
      }
    }
    narrowContinue(
        a,
        offsets[row] + shift,
        offsets[row + 1] + shift,
        offsets[row + 2] + shift,
        offsets[row + 3] + shift,
        offsets[row + 4] + shift,
        offsets[row + 5] + shift,
        offsets[row + 6] + shift,
        offsets[row + 7] + shift,
        b,
        from,
        depth,
        acc,
        at);
  }

  private static void narrowContinue(
      float[] a,
      int o0,
      int o1,
      int o2,
      int o3,
      int o4,
      int o5,
      int o6,
      int o7,
      float[] b,
      int from,
      int depth,
      float[] acc,
      int at) {
    FloatVector c0 = FloatVector.fromArray(FLOAT, acc, at);
    FloatVector c1 = FloatVector.fromArray(FLOAT, acc, at + LANES);
    FloatVector c2 = FloatVector.fromArray(FLOAT, acc, at + 2 * LANES);
    FloatVector c3 = FloatVector.fromArray(FLOAT, acc, at + 3 * LANES);
    FloatVector c4 = FloatVector.fromArray(FLOAT, acc, at + 4 * LANES);
    FloatVector c5 = FloatVector.fromArray(FLOAT, acc, at + 5 * LANES);
    FloatVector c6 = FloatVector.fromArray(FLOAT, acc, at + 6 * LANES);
    FloatVector c7 = FloatVector.fromArray(FLOAT, acc, at + 7 * LANES);
    for (int k = 0, j = from; k < depth; k++, j += LANES) {
      FloatVector column = FloatVector.fromArray(FLOAT, b, j);
      c0 = FloatVector.broadcast(FLOAT, a[o0 + k]).fma(column, c0);
      c1 = FloatVector.broadcast(FLOAT, a[o1 + k]).fma(column, c1);
      c2 = FloatVector.broadcast(FLOAT, a[o2 + k]).fma(column, c2);
      c3 = FloatVector.broadcast(FLOAT, a[o3 + k]).fma(column, c3);
      c4 = FloatVector.broadcast(FLOAT, a[o4 + k]).fma(column, c4);
      c5 = FloatVector.broadcast(FLOAT, a[o5 + k]).fma(column, c5);
      c6 = FloatVector.broadcast(FLOAT, a[o6 + k]).fma(column, c6);
      c7 = FloatVector.broadcast(FLOAT, a[o7 + k]).fma(column, c7);
    }
    c0.intoArray(acc, at);
    c1.intoArray(acc, at + LANES);
    c2.intoArray(acc, at + 2 * LANES);
    c3.intoArray(acc, at + 3 * LANES);
    c4.intoArray(acc, at + 4 * LANES);
    c5.intoArray(acc, at + 5 * LANES);
    c6.intoArray(acc, at + 6 * LANES);
    c7.intoArray(acc, at + 7 * LANES);
  }
}
