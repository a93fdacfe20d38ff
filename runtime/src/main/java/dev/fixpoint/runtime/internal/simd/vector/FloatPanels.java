package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.internal.simd.machine.MachineCode;
import dev.fixpoint.runtime.internal.simd.machine.MultiplyAdd;
import dev.fixpoint.runtime.internal.simd.machine.PanelRoutine;
import dev.fixpoint.runtime.kernel.Scratch;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Packed float32 weights, multiplied where they lie. */
class FloatPanels extends TiledPanels {
  /** Unlike any kind of integer panels. */
  private static final int FLOATS = -1;

  /** Elements whose bytes can be counted by an int. */
  private static final int LARGEST = Integer.MAX_VALUE / Float.BYTES;

  private final float[] data;
  private final float[] bias;
  private final Start start;

  private FloatPanels(FloatWeights weights) {
    super(weights.columns(), weights.depth(), RowSource.FLOATS);
    this.data = new float[size(columns(), depth())];
    this.bias = new float[columns() + Epilogue.SLACK];
    this.start = new Start(bias, 0);
    fill(weights);
  }

  /**
   * Panels with the weights.
   *
   * @param machineCode whether machine code multiplies them
   */
  static FloatPanels of(FloatWeights weights, boolean machineCode) {
    boolean hasAddresses = size(weights.columns(), weights.depth()) <= LARGEST;
    return machineCode && hasAddresses ? new OfMachine(weights) : new FloatPanels(weights);
  }

  /** The panels kept in scratch memory if their shape is right, else new ones, with the weights. */
  static FloatPanels kept(FloatWeights weights, boolean machineCode, Scratch scratch) {
    long key = Slots.panels(weights.columns(), weights.depth(), FLOATS);
    if (scratch.kept(key) instanceof FloatPanels panels
        && panels.columns() == weights.columns()
        && panels.depth() == weights.depth()) {
      panels.fill(weights);
      return panels;
    }
    FloatPanels panels = of(weights, machineCode);
    scratch.keep(key, panels);
    return panels;
  }

  /** Takes in other weights of the same shape. */
  void fill(FloatWeights weights) {
    System.arraycopy(weights.bias(), 0, bias, 0, columns());
    if (weights.columnStep() == 1) {
      fillRows(weights);
      return;
    }
    for (int c = 0; c < columns(); c++) {
      int panel = c / Tiles.WIDE;
      int width = width(panel);
      int at = position(panel, 0) + c % Tiles.WIDE;
      for (int k = 0; k < depth(); k++, at += width) {
        data[at] = weights.at(c, k);
      }
    }
  }

  private void fillRows(FloatWeights weights) {
    for (int panel = 0; panel < panels(); panel++) {
      int width = width(panel);
      int used = used(panel);
      int at = position(panel, 0);
      int from = weights.from() + panel * Tiles.WIDE;
      for (int k = 0; k < depth(); k++, at += width, from += weights.depthStep()) {
        System.arraycopy(weights.values(), from, data, at, used);
      }
    }
  }

  @Override
  float[] stretch(int panel, int from, int count, Scratch scratch) {
    return data;
  }

  @Override
  int stretchAt(int panel, int from) {
    return position(panel, from);
  }

  @Override
  Start start() {
    return start;
  }

  @Override
  void beginRow(float[] a, int at, Scratch scratch) {}

  @Override
  int sumRow(int panel, int end, Start from, float[] a, int at, float[] sums, Scratch scratch) {
    if (width(panel) != Tiles.WIDE) {
      return 0;
    }
    RowProduct.floats(
        a, at, data, position(panel, 0), depth(), from.floats(), panel * Tiles.WIDE, sums);
    return 1;
  }

  @Override
  public long bytes() {
    return 4L * (data.length + bias.length);
  }

  /** Panels that machine code multiplies; the order of sums, and so the bits, are the same. */
  private static final class OfMachine extends FloatPanels {
    private static final PanelRoutine WIDE =
        MachineCode.routine(MultiplyAdd.FLOATS, Species.BITS, 2);
    private static final PanelRoutine NARROW =
        MachineCode.routine(MultiplyAdd.FLOATS, Species.BITS, 1);

    private final MemorySegment dataSegment;

    OfMachine(FloatWeights weights) {
      super(weights);
      this.dataSegment = MemorySegment.ofArray(super.data);
    }

    @Override
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
      int[] table = scratch.ints(Slots.TABLE, PanelRoutine.SHIFTS + 1);
      table[PanelRoutine.ROWS] = rows;
      table[PanelRoutine.LENGTH] = count * PanelRoutine.STEP_BYTES;
      table[PanelRoutine.RUNS] = 1;
      table[PanelRoutine.CONTINUES] = start == null ? 0 : -1;
      table[PanelRoutine.PANEL] = Float.BYTES * position(panel, depth);
      table[PanelRoutine.START] = Float.BYTES * panel * Tiles.WIDE;
      table[PanelRoutine.SHIFTS] = Float.BYTES * shift;
      Segments segments = Segments.of(scratch);
      MemorySegment from = start().segment();
      if (width(panel) == Tiles.WIDE) {
        WIDE.multiply(
            segments.of(a),
            segments.of(offsets),
            dataSegment,
            segments.of(sums),
            from,
            segments.of(table));
      } else {
        NARROW.multiply(
            segments.of(a),
            segments.of(offsets),
            dataSegment,
            segments.of(sums),
            from,
            segments.of(table));
      }
    }
  }
}
