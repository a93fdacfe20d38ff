package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Depthwise convolution: a ring of input rows as floats, one output row at a time, channels in
 * groups that keep the accumulators in L1.
 */
final class Depthwise {
  private static final int GROUP = 64;

  private final ConvGeometry g;
  private final DepthwiseTaps taps;
  private final int rowLength;
  private final int ringRows;

  Depthwise(ConvGeometry geometry, DepthwiseTaps taps) {
    this.g = geometry;
    this.taps = taps;
    this.rowLength = g.paddedWidth() * taps.padded();
    this.ringRows = g.spanHeight();
  }

  static void run(
      ConvGeometry g,
      DepthwiseTaps taps,
      Start start,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      @Nullable Buffer residual,
      int firstRow,
      int endRow,
      Scratch scratch) {
    taps.prepared(g).run(start, epilogue, x, y, residual, firstRow, endRow, scratch);
  }

  private void run(
      Start start,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      @Nullable Buffer residual,
      int firstRow,
      int endRow,
      Scratch scratch) {
    float[] ring = scratch.floats(Slots.RING, ringRows * rowLength);
    int[] rowStarts = scratch.ints(Slots.OFFSETS, g.kernelHeight());
    int image = -1;
    int loaded = 0;
    for (int row = firstRow; row < endRow; row++) {
      int top = row % g.outHeight() * g.strideHeight() - g.padTop();
      if (row / g.outHeight() != image) {
        image = row / g.outHeight();
        loaded = top;
      }
      loaded = Math.max(loaded, top);
      for (; loaded < top + g.spanHeight(); loaded++) {
        fillRow(
            x, image, loaded, start.padding(), ring, Math.floorMod(loaded, ringRows) * rowLength);
      }
      for (int ky = 0; ky < g.kernelHeight(); ky++) {
        rowStarts[ky] = Math.floorMod(top + ky * g.dilationHeight(), ringRows) * rowLength;
      }
      outputRow(start, epilogue, ring, rowStarts, row, y, residual, scratch);
    }
  }

  private void outputRow(
      Start start,
      Epilogue epilogue,
      float[] ring,
      int[] rowStarts,
      int row,
      Buffer y,
      @Nullable Buffer residual,
      Scratch scratch) {
    int pixels = g.outWidth();
    float[] sums = scratch.floats(Slots.SUMS, pixels * GROUP);
    int position = row * pixels * g.outPitch() + g.outChannel();
    for (int channel = 0; channel < taps.padded(); channel += GROUP) {
      int width = Math.min(GROUP, taps.padded() - channel);
      DepthwiseRows.sum(g, taps, start.floats(), ring, rowStarts, channel, width, sums);
      BlockStore.store(
          epilogue,
          sums,
          pixels,
          width,
          Math.min(width, taps.columns() - channel),
          channel,
          y,
          residual,
          position + channel,
          g.outPitch(),
          scratch);
    }
  }

  private void fillRow(Buffer x, int image, int iy, float padding, float[] ring, int at) {
    if (iy < 0 || iy >= g.inHeight()) {
      Arrays.fill(ring, at, at + rowLength, padding);
      return;
    }
    int padded = taps.padded();
    int left = Math.min(g.padLeft(), g.paddedWidth());
    int count = Math.max(0, Math.min(g.inWidth(), g.paddedWidth() - left));
    int begin = at + left * padded;
    Arrays.fill(ring, at, begin, padding);
    Arrays.fill(ring, begin + count * padded, at + rowLength, padding);
    int from = (image * g.inHeight() + iy) * g.inWidth() * g.inPitch();
    int multiplier = taps.columns() / g.inPitch();
    if (multiplier == 1 && padded == g.inPitch()) {
      taps.source().load(x, from, count * padded, ring, begin);
      return;
    }
    for (int p = 0; p < count; p++) {
      int to = begin + p * padded;
      taps.source().load(x, from + p * g.inPitch(), g.inPitch(), ring, to);
      if (multiplier > 1) {
        repeat(ring, to, g.inPitch(), multiplier);
      }
    }
  }

  /** Repeats each of the first floats, from the last to the first, so that none is overwritten. */
  private static void repeat(float[] x, int at, int count, int times) {
    for (int c = count - 1; c >= 0; c--) {
      Arrays.fill(x, at + c * times, at + (c + 1) * times, x[at + c]);
    }
  }
}
