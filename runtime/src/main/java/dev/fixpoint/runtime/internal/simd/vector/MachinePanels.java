package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.machine.MachineCode;
import dev.fixpoint.runtime.internal.simd.machine.MultiplyAdd;
import dev.fixpoint.runtime.internal.simd.machine.PanelRoutine;
import dev.fixpoint.runtime.kernel.Scratch;
import java.lang.foreign.MemorySegment;

/**
 * Packed bytes for the integer multiply-adds of machine code: as many weights of a column side by
 * side as a step takes. Rows are unsigned, so that accumulators start from the bias less what zero
 * points add; all sums are int32, exact whatever the order.
 *
 * @param <A> array in which rows lie
 */
abstract class MachinePanels<A> extends Panels<A> {
  private final byte[] data;
  private final MemorySegment dataSegment;
  private final int[] columnSums;
  private final int[] bias;
  private final Start start;
  private final int shift;
  private final int grain;
  private final long startKey = Slots.nextStart();

  private MachinePanels(Int8Weights weights, RowStore<A> store) {
    super(weights.columns(), weights.depth(), store);
    this.grain = store.grain();
    this.shift = weights.inputUnsigned() ? 0 : 128;
    this.data = new byte[size(columns(), steps() * grain)];
    this.dataSegment = MemorySegment.ofArray(data);
    this.columnSums = new int[columns()];
    this.bias = weights.bias().clone();
    int padding = weights.inputZeroPoint() + shift;
    this.start = new Start(new int[columns() + Epilogue.SLACK], padding);
    fill(weights);
    begin(start, padding);
  }

  /** Whether panels of this kind can hold some weights: zero points make them signed bytes. */
  static boolean canHold(Int8Weights weights) {
    if (weights.depth() == 0) {
      return false;
    }
    int middle = weights.unsigned() ? 128 : 0;
    for (int zeroPoint : weights.zeroPoints()) {
      if (zeroPoint != middle) {
        return false;
      }
    }
    return true;
  }

  /** Panels for a multiply-add of integers. */
  static MachinePanels<?> of(Int8Weights weights, MultiplyAdd operation) {
    byte flip = weights.inputUnsigned() ? 0 : Byte.MIN_VALUE;
    return operation == MultiplyAdd.QUADS
        ? new OfQuads(weights, new ByteRows(flip))
        : new OfPairs(weights, new ShortRows(flip));
  }

  private void fill(Int8Weights weights) {
    int flip = weights.unsigned() ? Byte.MIN_VALUE : 0;
    for (int column = 0; column < columns(); column++) {
      int panel = column / Tiles.WIDE;
      int step = width(panel) * grain;
      int at = panel * Tiles.WIDE * steps() * grain + column % Tiles.WIDE * grain;
      int from = weights.from() + column * weights.columnStep();
      int sum = 0;
      for (int k = 0; k < depth(); k++, from += weights.depthStep()) {
        byte signed = (byte) (weights.values()[from] ^ flip);
        data[at + k / grain * step + k % grain] = signed;
        sum += signed;
      }
      columnSums[column] = sum;
    }
  }

  private void begin(Start of, int padding) {
    for (int c = 0; c < columns(); c++) {
      of.integers()[c] = bias[c] - padding * columnSums[c];
    }
  }

  /** Steps over the whole depth. */
  final int steps() {
    return Math.ceilDiv(depth(), grain);
  }

  /** What accumulators start from. */
  final Start start() {
    return start;
  }

  /** What accumulators start from where the input has another zero point. */
  final Start startAt(int inputZeroPoint, Scratch scratch) {
    Start shifted;
    if (scratch.kept(startKey) instanceof Start known) {
      shifted = known;
    } else {
      shifted = new Start(new int[columns() + Epilogue.SLACK], Integer.MIN_VALUE);
      scratch.keep(startKey, shifted);
    }
    int padding = inputZeroPoint + shift;
    if (shifted.changesTo(padding)) {
      begin(shifted, padding);
    }
    return shifted;
  }

  /** The weights of all panels. */
  final MemorySegment data() {
    return dataSegment;
  }

  /** Tells a routine where the weights of a panel, and what its columns start from, begin. */
  final void select(int panel, int[] table) {
    table[PanelRoutine.PANEL] = panel * Tiles.WIDE * steps() * grain;
    table[PanelRoutine.START] = Integer.BYTES * panel * Tiles.WIDE;
  }

  /** Multiplies rows with the selected panel. */
  abstract void multiply(
      boolean isWide,
      MemorySegment rows,
      MemorySegment offsets,
      MemorySegment sums,
      MemorySegment from,
      MemorySegment table);

  /** The array of rows as machine code takes it. */
  abstract MemorySegment segment(Segments segments, A rows);

  @Override
  public final long bytes() {
    return data.length + 12L * columns();
  }

  private static final class OfQuads extends MachinePanels<byte[]> {
    private static final PanelRoutine WIDE = routine(MultiplyAdd.QUADS, 2);
    private static final PanelRoutine NARROW = routine(MultiplyAdd.QUADS, 1);

    OfQuads(Int8Weights weights, ByteRows store) {
      super(weights, store);
    }

    @Override
    MemorySegment segment(Segments segments, byte[] rows) {
      return segments.of(rows);
    }

    @Override
    void multiply(
        boolean isWide,
        MemorySegment rows,
        MemorySegment offsets,
        MemorySegment sums,
        MemorySegment from,
        MemorySegment table) {
      // Each routine is a constant of its own call, which the JVM then compiles to a plain one.
      if (isWide) {
        WIDE.multiply(rows, offsets, data(), sums, from, table);
      } else {
        NARROW.multiply(rows, offsets, data(), sums, from, table);
      }
    }
  }

  private static final class OfPairs extends MachinePanels<short[]> {
    private static final PanelRoutine WIDE = routine(MultiplyAdd.PAIRS, 2);
    private static final PanelRoutine NARROW = routine(MultiplyAdd.PAIRS, 1);

    OfPairs(Int8Weights weights, ShortRows store) {
      super(weights, store);
    }

    @Override
    MemorySegment segment(Segments segments, short[] rows) {
      return segments.of(rows);
    }

    @Override
    void multiply(
        boolean isWide,
        MemorySegment rows,
        MemorySegment offsets,
        MemorySegment sums,
        MemorySegment from,
        MemorySegment table) {
      // Each routine is a constant of its own call, which the JVM then compiles to a plain one.
      if (isWide) {
        WIDE.multiply(rows, offsets, data(), sums, from, table);
      } else {
        NARROW.multiply(rows, offsets, data(), sums, from, table);
      }
    }
  }

  private static PanelRoutine routine(MultiplyAdd operation, int vectors) {
    return MachineCode.routine(operation, Species.BITS, vectors);
  }
}
