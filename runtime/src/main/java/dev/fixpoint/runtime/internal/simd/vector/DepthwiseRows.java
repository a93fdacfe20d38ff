package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import jdk.incubator.vector.FloatVector;

/** The inner loops of the depthwise convolution, over one output row and a group of channels. */
final class DepthwiseRows {
  private DepthwiseRows() {}

  /**
   * Sums of an output row.
   *
   * @param start what accumulators start from
   * @param ring input rows, {@code taps.padded()} floats for each pixel
   * @param rowStarts where the input row of each kernel row begins
   * @param sums receives {@code width} floats for each pixel
   */
  static void sum(
      ConvGeometry g,
      DepthwiseTaps taps,
      float[] start,
      float[] ring,
      int[] rowStarts,
      int channel,
      int width,
      float[] sums) {
    int pitch = taps.padded();
    int step = g.strideWidth() * pitch;
    boolean three = g.kernelWidth() == 3 && g.kernelHeight() == 3;
    for (int j = 0; j < width; j += LANES) {
      int c = channel + j;
      if (three) {
        int near = g.dilationWidth() * pitch;
        threeByThree(
            ring,
            rowStarts[0] + c,
            rowStarts[1] + c,
            rowStarts[2] + c,
            near,
            step,
            taps.taps(),
            c,
            pitch,
            start,
            sums,
            j,
            width,
            g.outWidth());
      } else {
        anyKernel(g, taps, start, ring, rowStarts, c, step, sums, j, width);
      }
    }
  }

  private static void threeByThree(
      float[] x,
      int r0,
      int r1,
      int r2,
      int near,
      int step,
      float[] w,
      int at,
      int pitch,
      float[] start,
      float[] sums,
      int to,
      int width,
      int pixels) {
    FloatVector w0 = FloatVector.fromArray(FLOAT, w, at);
    FloatVector w1 = FloatVector.fromArray(FLOAT, w, at + pitch);
    FloatVector w2 = FloatVector.fromArray(FLOAT, w, at + 2 * pitch);
    FloatVector w3 = FloatVector.fromArray(FLOAT, w, at + 3 * pitch);
    FloatVector w4 = FloatVector.fromArray(FLOAT, w, at + 4 * pitch);
    FloatVector w5 = FloatVector.fromArray(FLOAT, w, at + 5 * pitch);
    FloatVector w6 = FloatVector.fromArray(FLOAT, w, at + 6 * pitch);
    FloatVector w7 = FloatVector.fromArray(FLOAT, w, at + 7 * pitch);
    FloatVector w8 = FloatVector.fromArray(FLOAT, w, at + 8 * pitch);
    FloatVector initial = FloatVector.fromArray(FLOAT, start, at);
    int second = 2 * near;
    for (int p = 0, i = 0, o = to; p < pixels; p++, i += step, o += width) {
      FloatVector top = FloatVector.fromArray(FLOAT, x, r0 + i).fma(w0, initial);
      FloatVector middle = FloatVector.fromArray(FLOAT, x, r1 + i).mul(w3);
      FloatVector bottom = FloatVector.fromArray(FLOAT, x, r2 + i).mul(w6);
      top = FloatVector.fromArray(FLOAT, x, r0 + near + i).fma(w1, top);
      middle = FloatVector.fromArray(FLOAT, x, r1 + near + i).fma(w4, middle);
      bottom = FloatVector.fromArray(FLOAT, x, r2 + near + i).fma(w7, bottom);
      top = FloatVector.fromArray(FLOAT, x, r0 + second + i).fma(w2, top);
      middle = FloatVector.fromArray(FLOAT, x, r1 + second + i).fma(w5, middle);
      bottom = FloatVector.fromArray(FLOAT, x, r2 + second + i).fma(w8, bottom);
      top.add(middle).add(bottom).intoArray(sums, o);
    }
  }

  private static void anyKernel(
      ConvGeometry g,
      DepthwiseTaps taps,
      float[] start,
      float[] ring,
      int[] rowStarts,
      int channel,
      int step,
      float[] sums,
      int to,
      int width) {
    int pitch = taps.padded();
    FloatVector initial = FloatVector.fromArray(FLOAT, start, channel);
    for (int p = 0, o = to; p < g.outWidth(); p++, o += width) {
      initial.intoArray(sums, o);
    }
    for (int ky = 0, tap = channel; ky < g.kernelHeight(); ky++) {
      int row = rowStarts[ky] + channel;
      for (int kx = 0; kx < g.kernelWidth(); kx++, tap += pitch) {
        int from = row + kx * g.dilationWidth() * pitch;
        addTap(ring, from, step, taps.taps(), tap, sums, to, width, g.outWidth());
      }
    }
  }

  private static void addTap(
      float[] x,
      int from,
      int step,
      float[] w,
      int tap,
      float[] sums,
      int to,
      int width,
      int pixels) {
    FloatVector weight = FloatVector.fromArray(FLOAT, w, tap);
    for (int p = 0, i = from, o = to; p < pixels; p++, i += step, o += width) {
      FloatVector sum = FloatVector.fromArray(FLOAT, sums, o);
      FloatVector.fromArray(FLOAT, x, i).fma(weight, sum).intoArray(sums, o);
    }
  }
}
