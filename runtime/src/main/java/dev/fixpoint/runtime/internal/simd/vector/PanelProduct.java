package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import org.jspecify.annotations.Nullable;

/**
 * Convolution and matrix product by panels: blocks of output rows outside, panels of columns inside
 * them, stretches of depth inside those, then the epilogue while the accumulators are in L1.
 */
final class PanelProduct {
  private PanelProduct() {}

  static void run(
      ConvGeometry g,
      TiledPanels panels,
      Start start,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      @Nullable Buffer residual,
      int firstRow,
      int endRow,
      int firstPanel,
      int endPanel,
      Scratch scratch) {
    RowBlock<float[]> block = panels.block(g);
    int perImage = g.outHeight();
    for (int row = firstRow; row < endRow; ) {
      int image = row / perImage;
      int top = row % perImage;
      int available = Math.min(perImage - top, endRow - row);
      int rows = block.rowsPerBlock(available);
      int pixels = rows * g.outWidth();
      int padded = Math.ceilDiv(pixels, Tiles.NARROW_ROWS) * Tiles.NARROW_ROWS;
      int[] offsets = scratch.ints(Slots.OFFSETS, padded);
      float[] a = block.fill(x, image, top, rows, offsets, start.padding(), scratch);
      int position = row * g.outWidth() * g.outPitch();
      boolean oneRow = pixels == 1 && block.runs() == 1;
      if (oneRow) {
        panels.beginRow(a, offsets[0], scratch);
      }
      for (int panel = firstPanel; panel < Math.min(endPanel, panels.panels()); panel++) {
        int width = panels.width(panel);
        int used = panels.used(panel);
        float[] sums = scratch.floats(Slots.SUMS, padded * Tiles.WIDE);
        int summed = 0;
        if (oneRow) {
          summed = panels.sumRow(panel, endPanel, start, a, offsets[0], sums, scratch);
        }
        int channel = g.outChannel() + panel * Tiles.WIDE;
        if (summed == 2) {
          width += Tiles.WIDE;
          used += panels.used(panel + 1);
          panel++;
        } else if (summed == 1) {
          // The weights have been read once; tiles would read them for four rows.
        } else if (start.isFloat(panel)) {
          sumFloat(panels, panel, start.floats(), block, a, offsets, pixels, sums, scratch);
        } else {
          sumInteger(
              panels, panel, start.integers(), block, a, offsets, pixels, padded, sums, scratch);
        }
        BlockStore.store(
            epilogue,
            sums,
            pixels,
            width,
            used,
            channel,
            y,
            residual,
            position + channel,
            g.outPitch(),
            scratch);
      }
      row += rows;
    }
  }

  private static void sumFloat(
      TiledPanels panels,
      int panel,
      float[] start,
      RowBlock<float[]> block,
      float[] a,
      int[] offsets,
      int pixels,
      float[] sums,
      Scratch scratch) {
    int depth = 0;
    for (int run = 0; run < block.runs(); run++) {
      int shift = block.shift(run);
      int length = block.runLength();
      int chunks = Math.ceilDiv(length, TiledPanels.CHUNK);
      int chunk = Math.ceilDiv(length, chunks);
      for (int k = 0; k < length; k += chunk) {
        int count = Math.min(chunk, length - k);
        float[] first = depth == 0 ? start : null;
        panels.multiply(panel, depth, count, a, offsets, shift + k, pixels, sums, first, scratch);
        depth += count;
      }
    }
  }

  private static void sumInteger(
      TiledPanels panels,
      int panel,
      int[] start,
      RowBlock<float[]> block,
      float[] a,
      int[] offsets,
      int pixels,
      int padded,
      float[] sums,
      Scratch scratch) {
    float[] zeros = scratch.floats(Slots.ZEROS, Tiles.WIDE);
    int[] exact = scratch.ints(Slots.INTEGER_SUMS, padded * Tiles.WIDE);
    int width = panels.width(panel);
    BlockFloats.fill(exact, pixels, width, start, panel * Tiles.WIDE);
    int depth = 0;
    for (int run = 0; run < block.runs(); run++) {
      int shift = block.shift(run);
      int length = block.runLength();
      int chunks = Math.ceilDiv(length, TiledPanels.CHUNK);
      int chunk = Math.ceilDiv(length, chunks);
      for (int k = 0; k < length; k += chunk) {
        int count = Math.min(chunk, length - k);
        float[] b = panels.stretch(panel, depth, count, scratch);
        Tiles.multiply(
            a,
            offsets,
            shift + k,
            pixels,
            b,
            panels.stretchAt(panel, depth),
            width,
            count,
            sums,
            zeros,
            0);
        BlockFloats.flush(sums, exact, pixels * width);
        depth += count;
      }
    }
    BlockFloats.round(exact, sums, pixels * width);
  }
}
