package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.machine.PanelRoutine;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Convolution and matrix product by machine code: blocks of output rows outside, panels of columns
 * inside them, one call for each, then the epilogue while the accumulators are in L1.
 */
final class MachineProduct {
  private MachineProduct() {}

  static <A> void run(
      ConvGeometry g,
      MachinePanels<A> panels,
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
    RowBlock<A> block = panels.block(g);
    int[] table = table(block, panels.steps(), scratch);
    Segments segments = Segments.of(scratch);
    MemorySegment tableSegment = segments.of(table);
    int perImage = g.outHeight();
    for (int row = firstRow; row < endRow; ) {
      int image = row / perImage;
      int top = row % perImage;
      int rows = block.rowsPerBlock(Math.min(perImage - top, endRow - row));
      int pixels = rows * g.outWidth();
      int padded = Math.ceilDiv(pixels, Tiles.NARROW_ROWS) * Tiles.NARROW_ROWS;
      int[] offsets = scratch.ints(Slots.OFFSETS, padded);
      A a = block.fill(x, image, top, rows, offsets, start.padding(), scratch);
      float[] sums = scratch.floats(Slots.SUMS, padded * Tiles.WIDE);
      MemorySegment rowSegment = panels.segment(segments, a);
      MemorySegment offsetSegment = segments.of(offsets);
      MemorySegment sumSegment = segments.of(sums);
      int position = row * g.outWidth() * g.outPitch();
      table[PanelRoutine.ROWS] = pixels;
      for (int panel = firstPanel; panel < Math.min(endPanel, panels.panels()); panel++) {
        int width = panels.width(panel);
        panels.select(panel, table);
        panels.multiply(
            width == Tiles.WIDE,
            rowSegment,
            offsetSegment,
            sumSegment,
            start.segment(),
            tableSegment);
        int channel = g.outChannel() + panel * Tiles.WIDE;
        BlockStore.store(
            epilogue,
            sums,
            pixels,
            width,
            panels.used(panel),
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

  private static int[] table(RowBlock<?> block, int steps, Scratch scratch) {
    int runs = block.runs();
    int[] table = scratch.ints(Slots.TABLE, PanelRoutine.SHIFTS + runs);
    table[PanelRoutine.LENGTH] = steps / runs * PanelRoutine.STEP_BYTES;
    table[PanelRoutine.RUNS] = runs;
    table[PanelRoutine.CONTINUES] = -1;
    for (int run = 0; run < runs; run++) {
      table[PanelRoutine.SHIFTS + run] = block.shiftBytes(run);
    }
    return table;
  }
}
