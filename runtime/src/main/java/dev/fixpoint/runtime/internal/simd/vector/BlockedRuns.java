package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.INT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights of few bits, several to the int, in registers: widened, or multiplied by one row.
 *
 * <p>Integers are not moved to the lowest bits before they are multiplied: those at bit {@code j}
 * have sums of their own, which are larger by the exact factor {@code 2^j}.
 */
final class BlockedRuns {
  private BlockedRuns() {}

  /**
   * Weights of one block and a vector of columns as floats.
   *
   * @param data vectors of ints
   * @param from position of the first one
   * @param groups number of them
   * @param bits bits of a weight
   * @param y receives the weights of one depth after the other, {@code step} apart
   */
  static void widen(
      int[] data,
      int from,
      int groups,
      int bits,
      float[] scales,
      int scaleAt,
      float[] zeros,
      int zeroAt,
      float[] y,
      int to,
      int step) {
    FloatVector scale = FloatVector.fromArray(FLOAT, scales, scaleAt);
    FloatVector zero = FloatVector.fromArray(FLOAT, zeros, zeroAt);
    int mask = (1 << bits) - 1;
    int at = to;
    for (int g = 0; g < groups; g++) {
      IntVector codes = IntVector.fromArray(INT, data, from + g * LANES);
      for (int shift = 0; shift < Integer.SIZE; shift += bits, at += step) {
        IntVector code = codes.lanewise(VectorOperators.LSHR, shift).and(mask);
        real(code).sub(zero).mul(scale).intoArray(y, at);
      }
    }
  }

  private static FloatVector real(IntVector integers) {
    return (FloatVector) integers.convertShape(VectorOperators.I2F, FLOAT, 0);
  }

  /**
   * The products of a row with a vector of columns of weights of 2 bits, half an int at a time.
   *
   * @param x the row, filled up with zeros
   * @param totals sum of the row over each block
   * @param start what sums start from
   */
  static void pairs(
      BlockedPanels panels,
      int vector,
      float[] x,
      float[] totals,
      float[] start,
      int startAt,
      float[] sums,
      int to) {
    int[] data = panels.data();
    int halves = 2 * panels.groups();
    int halvesOfBlock = 2 * panels.groupsOfBlock();
    int from = vector * panels.groups() * LANES;
    int parameters = panels.parametersAt(vector);
    FloatVector sum = FloatVector.fromArray(FLOAT, start, startAt);
    for (int block = 0, h = 0; h < halves; block++, parameters += LANES) {
      int end = Math.min(halves, h + halvesOfBlock);
      FloatVector zero = FloatVector.fromArray(FLOAT, panels.zeros(), panels.zerosAt(parameters));
      FloatVector p0 = zero.mul(-totals[block]);
      FloatVector p1 = FloatVector.zero(FLOAT);
      FloatVector p2 = p1;
      FloatVector p3 = p1;
      FloatVector p4 = p1;
      FloatVector p5 = p1;
      FloatVector p6 = p1;
      FloatVector p7 = p1;
      for (; h < end; h++) {
        int k = 8 * h;
        IntVector codes =
            IntVector.fromArray(INT, data, from + (h >> 1) * LANES)
                .lanewise(VectorOperators.LSHR, (h & 1) * 16);
        p0 = real(codes.and(0x3)).fma(FloatVector.broadcast(FLOAT, x[k]), p0);
        p1 = real(codes.and(0xc)).fma(FloatVector.broadcast(FLOAT, x[k + 1]), p1);
        p2 = real(codes.and(0x30)).fma(FloatVector.broadcast(FLOAT, x[k + 2]), p2);
        p3 = real(codes.and(0xc0)).fma(FloatVector.broadcast(FLOAT, x[k + 3]), p3);
        p4 = real(codes.and(0x300)).fma(FloatVector.broadcast(FLOAT, x[k + 4]), p4);
        p5 = real(codes.and(0xc00)).fma(FloatVector.broadcast(FLOAT, x[k + 5]), p5);
        p6 = real(codes.and(0x3000)).fma(FloatVector.broadcast(FLOAT, x[k + 6]), p6);
        p7 = real(codes.and(0xc000)).fma(FloatVector.broadcast(FLOAT, x[k + 7]), p7);
      }
      FloatVector products = p7;
      products = products.mul(1f / 4).add(p6);
      products = products.mul(1f / 4).add(p5);
      products = products.mul(1f / 4).add(p4);
      products = products.mul(1f / 4).add(p3);
      products = products.mul(1f / 4).add(p2);
      products = products.mul(1f / 4).add(p1);
      products = products.mul(1f / 4).add(p0);
      FloatVector scale = FloatVector.fromArray(FLOAT, panels.scales(), parameters);
      sum = scale.fma(products, sum);
    }
    sum.intoArray(sums, to);
  }

  /**
   * As {@link #pairs}, of weights of 4 bits.
   *
   * @param x the row, filled up with zeros
   * @param totals sum of the row over each block
   * @param start what sums start from
   */
  static void nibbles(
      BlockedPanels panels,
      int vector,
      float[] x,
      float[] totals,
      float[] start,
      int startAt,
      float[] sums,
      int to) {
    int[] data = panels.data();
    int groups = panels.groups();
    int groupsOfBlock = panels.groupsOfBlock();
    int at = vector * groups * LANES;
    int parameters = panels.parametersAt(vector);
    FloatVector sum = FloatVector.fromArray(FLOAT, start, startAt);
    for (int block = 0, g = 0; g < groups; block++, parameters += LANES) {
      int end = Math.min(groups, g + groupsOfBlock);
      FloatVector zero = FloatVector.fromArray(FLOAT, panels.zeros(), panels.zerosAt(parameters));
      FloatVector low0 = zero.mul(-totals[block]);
      FloatVector high0 = FloatVector.zero(FLOAT);
      FloatVector low1 = high0;
      FloatVector high1 = high0;
      FloatVector low2 = high0;
      FloatVector high2 = high0;
      FloatVector low3 = high0;
      FloatVector high3 = high0;
      for (; g < end; g++, at += LANES) {
        int k = g * 8;
        IntVector codes = IntVector.fromArray(INT, data, at);
        low0 = real(codes.and(0xf)).fma(FloatVector.broadcast(FLOAT, x[k]), low0);
        low1 = real(codes.and(0xf0)).fma(FloatVector.broadcast(FLOAT, x[k + 1]), low1);
        low2 = real(codes.and(0xf00)).fma(FloatVector.broadcast(FLOAT, x[k + 2]), low2);
        low3 = real(codes.and(0xf000)).fma(FloatVector.broadcast(FLOAT, x[k + 3]), low3);
        IntVector upper = codes.lanewise(VectorOperators.LSHR, 16);
        high0 = real(upper.and(0xf)).fma(FloatVector.broadcast(FLOAT, x[k + 4]), high0);
        high1 = real(upper.and(0xf0)).fma(FloatVector.broadcast(FLOAT, x[k + 5]), high1);
        high2 = real(upper.and(0xf00)).fma(FloatVector.broadcast(FLOAT, x[k + 6]), high2);
        high3 = real(upper.and(0xf000)).fma(FloatVector.broadcast(FLOAT, x[k + 7]), high3);
      }
      FloatVector products = low3.add(high3);
      products = products.mul(1f / 16).add(low2.add(high2));
      products = products.mul(1f / 16).add(low1.add(high1));
      products = products.mul(1f / 16).add(low0.add(high0));
      FloatVector scale = FloatVector.fromArray(FLOAT, panels.scales(), parameters);
      sum = scale.fma(products, sum);
    }
    sum.intoArray(sums, to);
  }

  /**
   * As {@link #pairs}, of weights of 8 bits.
   *
   * @param x the row, filled up with zeros
   * @param totals sum of the row over each block
   * @param start what sums start from
   */
  static void bytes(
      BlockedPanels panels,
      int vector,
      float[] x,
      float[] totals,
      float[] start,
      int startAt,
      float[] sums,
      int to) {
    int[] data = panels.data();
    int groups = panels.groups();
    int groupsOfBlock = panels.groupsOfBlock();
    int at = vector * groups * LANES;
    int parameters = panels.parametersAt(vector);
    FloatVector sum = FloatVector.fromArray(FLOAT, start, startAt);
    for (int block = 0, g = 0; g < groups; block++, parameters += LANES) {
      int end = Math.min(groups, g + groupsOfBlock);
      FloatVector zero = FloatVector.fromArray(FLOAT, panels.zeros(), panels.zerosAt(parameters));
      FloatVector low0 = zero.mul(-totals[block]);
      FloatVector high0 = FloatVector.zero(FLOAT);
      FloatVector low1 = high0;
      FloatVector high1 = high0;
      for (; g < end; g++, at += LANES) {
        int k = g * 4;
        IntVector codes = IntVector.fromArray(INT, data, at);
        low0 = real(codes.and(0xff)).fma(FloatVector.broadcast(FLOAT, x[k]), low0);
        low1 = real(codes.and(0xff00)).fma(FloatVector.broadcast(FLOAT, x[k + 1]), low1);
        IntVector upper = codes.lanewise(VectorOperators.LSHR, 16);
        high0 = real(upper.and(0xff)).fma(FloatVector.broadcast(FLOAT, x[k + 2]), high0);
        high1 = real(upper.and(0xff00)).fma(FloatVector.broadcast(FLOAT, x[k + 3]), high1);
      }
      FloatVector products = low1.add(high1);
      products = products.mul(1f / 256).add(low0.add(high0));
      FloatVector scale = FloatVector.fromArray(FLOAT, panels.scales(), parameters);
      sum = scale.fma(products, sum);
    }
    sum.intoArray(sums, to);
  }
}
