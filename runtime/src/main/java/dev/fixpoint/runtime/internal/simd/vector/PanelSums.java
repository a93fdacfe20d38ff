package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE;
import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE_LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.INT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.PARTS;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Sums over the columns of a panel, from which its sums of products are proved exact. */
final class PanelSums {
  private PanelSums() {}

  /**
   * Turns the bytes of a panel into signed ones, and sums up each column.
   *
   * @param flip what each byte is xored with
   * @param offsets what is added to the bytes of each column
   * @param first first column of the panel
   * @param sums receives the sums of columns, then, a wide panel further, those of magnitudes
   */
  static void of(
      byte[] data,
      int at,
      int depth,
      int width,
      byte flip,
      float[] offsets,
      int first,
      int[] sums) {
    for (int j = 0; j < width; j += BYTE_LANES) {
      for (int part = 0; part < PARTS; part++) {
        int column = j + part * LANES;
        int offset = (int) offsets[first + column];
        boolean same = true;
        for (int c = 1; c < LANES; c++) {
          same &= (int) offsets[first + column + c] == offset;
        }
        if (same) {
          columns(data, at + j, depth, width, flip, part, offset, sums, column);
        } else {
          plain(data, at + j, depth, width, flip, part, offsets, first + column, sums, column);
        }
      }
      flip(data, at + j, depth, width, flip);
    }
  }

  private static void columns(
      byte[] data,
      int at,
      int depth,
      int width,
      byte flip,
      int part,
      int offset,
      int[] sums,
      int column) {
    IntVector sum = IntVector.zero(INT);
    IntVector magnitude = IntVector.zero(INT);
    for (int k = 0, i = at; k < depth; k++, i += width) {
      ByteVector bytes = ByteVector.fromArray(BYTE, data, i).lanewise(VectorOperators.XOR, flip);
      IntVector wide = (IntVector) bytes.convertShape(VectorOperators.B2I, INT, part);
      IntVector weight = wide.add(offset);
      sum = sum.add(weight);
      magnitude = magnitude.add(weight.abs());
    }
    sum.intoArray(sums, column);
    magnitude.intoArray(sums, Tiles.WIDE + column);
  }

  private static void plain(
      byte[] data,
      int at,
      int depth,
      int width,
      byte flip,
      int part,
      float[] offsets,
      int first,
      int[] sums,
      int column) {
    for (int c = 0; c < LANES; c++) {
      int sum = 0;
      int magnitude = 0;
      for (int k = 0, i = at + part * LANES + c; k < depth; k++, i += width) {
        int weight = (byte) (data[i] ^ flip) + (int) offsets[first + c];
        sum += weight;
        magnitude += Math.abs(weight);
      }
      sums[column + c] = sum;
      sums[Tiles.WIDE + column + c] = magnitude;
    }
  }

  private static void flip(byte[] data, int at, int depth, int width, byte flip) {
    for (int k = 0, i = at; flip != 0 && k < depth; k++, i += width) {
      ByteVector.fromArray(BYTE, data, i).lanewise(VectorOperators.XOR, flip).intoArray(data, i);
    }
  }
}
