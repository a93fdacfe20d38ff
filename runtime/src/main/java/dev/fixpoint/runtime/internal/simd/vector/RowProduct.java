package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.HALF_BYTE;
import static dev.fixpoint.runtime.internal.simd.vector.Species.HALF_SHORT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.INT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.SHORT;
import static dev.fixpoint.runtime.internal.simd.vector.Tiles.WIDE;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of one row with wide panels, bound by memory: bytes are read once and widened in
 * registers.
 *
 * <p>Two products of signed bytes fit 16 bits together, unless all four factors are -128; so pairs
 * of depths are added in 16-bit lanes and widened after that. Even and odd columns come out apart.
 */
final class RowProduct {
  private RowProduct() {}

  /**
   * Sums of a wide panel of bytes.
   *
   * @param x row of {@code depth} values between -128 and 127, a 0 beyond where their number is odd
   * @param w panel, with a vector of slack beyond, no two neighbours in depth both -128
   * @param sums receives the sums of even columns at {@code to}, of odd ones a vector further
   */
  static void pairs(short[] x, byte[] w, int from, int depth, int[] sums, int to) {
    IntVector even = IntVector.zero(INT);
    IntVector odd = IntVector.zero(INT);
    for (int k = 0, j = from; k < depth; k += 2, j += 2 * WIDE) {
      ShortVector first =
          (ShortVector)
              ByteVector.fromArray(HALF_BYTE, w, j).convertShape(VectorOperators.B2S, SHORT, 0);
      ShortVector second =
          (ShortVector)
              ByteVector.fromArray(HALF_BYTE, w, j + WIDE)
                  .convertShape(VectorOperators.B2S, SHORT, 0);
      IntVector pair = first.mul(x[k]).add(second.mul(x[k + 1])).reinterpretAsInts();
      IntVector low = pair.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
      even = even.add(low);
      odd = odd.add(pair.lanewise(VectorOperators.ASHR, 16));
    }
    even.intoArray(sums, to);
    odd.intoArray(sums, to + LANES);
  }

  /**
   * As {@link #pairs}, for two panels, which share what is made of the row.
   *
   * @param step distance from the first panel to the second
   * @param sums receives those of the first panel, then those of the second
   */
  static void pairsOfTwo(short[] x, byte[] w, int from, int step, int depth, int[] sums, int to) {
    IntVector even = IntVector.zero(INT);
    IntVector odd = even;
    IntVector evenBeside = even;
    IntVector oddBeside = even;
    for (int k = 0, j = from, l = from + step; k < depth; k += 2, j += 2 * WIDE, l += 2 * WIDE) {
      ShortVector x0 = ShortVector.broadcast(SHORT, x[k]);
      ShortVector x1 = ShortVector.broadcast(SHORT, x[k + 1]);
      ShortVector first =
          (ShortVector)
              ByteVector.fromArray(HALF_BYTE, w, j).convertShape(VectorOperators.B2S, SHORT, 0);
      ShortVector second =
          (ShortVector)
              ByteVector.fromArray(HALF_BYTE, w, j + WIDE)
                  .convertShape(VectorOperators.B2S, SHORT, 0);
      IntVector pair = first.mul(x0).add(second.mul(x1)).reinterpretAsInts();
      even = even.add(pair.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16));
      odd = odd.add(pair.lanewise(VectorOperators.ASHR, 16));
      ShortVector third =
          (ShortVector)
              ByteVector.fromArray(HALF_BYTE, w, l).convertShape(VectorOperators.B2S, SHORT, 0);
      ShortVector fourth =
          (ShortVector)
              ByteVector.fromArray(HALF_BYTE, w, l + WIDE)
                  .convertShape(VectorOperators.B2S, SHORT, 0);
      IntVector beside = third.mul(x0).add(fourth.mul(x1)).reinterpretAsInts();
      evenBeside =
          evenBeside.add(
              beside.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16));
      oddBeside = oddBeside.add(beside.lanewise(VectorOperators.ASHR, 16));
    }
    even.intoArray(sums, to);
    odd.intoArray(sums, to + LANES);
    evenBeside.intoArray(sums, to + 2 * LANES);
    oddBeside.intoArray(sums, to + 3 * LANES);
  }

  /** Floats that hold small integers as shorts. */
  static void toShorts(float[] x, int at, int count, short[] y) {
    int end = count - count % LANES;
    for (int k = 0; k < end; k += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, at + k);
      ((ShortVector) v.convertShape(VectorOperators.F2S, HALF_SHORT, 0)).intoArray(y, k);
    }
    for (int k = end; k < count; k++) {
      y[k] = (short) x[at + k];
    }
  }

  /** Sums of one wide panel of floats, with four partial sums for each column. */
  static void floats(
      float[] x, int at, float[] w, int from, int depth, float[] start, int startAt, float[] sums) {
    FloatVector a0 = FloatVector.fromArray(FLOAT, start, startAt);
    FloatVector a1 = FloatVector.fromArray(FLOAT, start, startAt + LANES);
    FloatVector b0 = FloatVector.zero(FLOAT);
    FloatVector b1 = b0;
    FloatVector c0 = b0;
    FloatVector c1 = b0;
    FloatVector d0 = b0;
    FloatVector d1 = b0;
    int k = 0;
    int j = from;
    for (; k + 3 < depth; k += 4, j += 4 * WIDE) {
      FloatVector x0 = FloatVector.broadcast(FLOAT, x[at + k]);
      a0 = x0.fma(FloatVector.fromArray(FLOAT, w, j), a0);
      a1 = x0.fma(FloatVector.fromArray(FLOAT, w, j + LANES), a1);
      FloatVector x1 = FloatVector.broadcast(FLOAT, x[at + k + 1]);
      b0 = x1.fma(FloatVector.fromArray(FLOAT, w, j + WIDE), b0);
      b1 = x1.fma(FloatVector.fromArray(FLOAT, w, j + WIDE + LANES), b1);
      FloatVector x2 = FloatVector.broadcast(FLOAT, x[at + k + 2]);
      c0 = x2.fma(FloatVector.fromArray(FLOAT, w, j + 2 * WIDE), c0);
      c1 = x2.fma(FloatVector.fromArray(FLOAT, w, j + 2 * WIDE + LANES), c1);
      FloatVector x3 = FloatVector.broadcast(FLOAT, x[at + k + 3]);
      d0 = x3.fma(FloatVector.fromArray(FLOAT, w, j + 3 * WIDE), d0);
      d1 = x3.fma(FloatVector.fromArray(FLOAT, w, j + 3 * WIDE + LANES), d1);
    }
    for (; k < depth; k++, j += WIDE) {
      FloatVector x0 = FloatVector.broadcast(FLOAT, x[at + k]);
      a0 = x0.fma(FloatVector.fromArray(FLOAT, w, j), a0);
      a1 = x0.fma(FloatVector.fromArray(FLOAT, w, j + LANES), a1);
    }
    a0.add(b0).add(c0.add(d0)).intoArray(sums, 0);
    a1.add(b1).add(c1.add(d1)).intoArray(sums, LANES);
  }
}
