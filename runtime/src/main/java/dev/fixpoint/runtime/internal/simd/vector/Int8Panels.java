package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import dev.fixpoint.bound.Accumulator;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Arrays;

/**
 * Packed bytes that are widened to floats once per panel and row block. A column whose sums are
 * proved exact in float32 starts from its bias as a float; where one column of a panel is not, the
 * panel's sums are flushed into int32 after every stretch.
 */
final class Int8Panels extends TiledPanels {
  /** Where the sum of the row lies, behind those of two panels. */
  private static final int ROW_SUM = 2 * Tiles.WIDE;

  /**
   * Depth up to which no column without a bias can leave what float32 counts exactly: a weight less
   * its zero point is 255 at most, a centred input 128, and what sums start from another 128 of
   * every weight; an input less another zero point is 256 at most.
   */
  private static final int SHALLOW = (1 << 24) / (255 * 256);

  private final byte[] data;
  private final float[] offsets;
  private boolean hasOffsets;
  private final int[] columnSums;
  private final int[] bias;
  private final Start start;
  private final boolean[] isFloat;
  private final boolean[] isFloatAnyway;
  private final boolean[] pairsFit;
  private final RowSource source;
  private final int centre;
  private final int[] panelSums = new int[2 * Tiles.WIDE];
  private final long startKey = Slots.nextStart();

  Int8Panels(Int8Weights weights) {
    super(weights.columns(), weights.depth(), source(weights));
    this.data = new byte[size(columns(), depth()) + Epilogue.SLACK];
    this.offsets = new float[columns() + Epilogue.SLACK];
    this.columnSums = new int[columns()];
    this.bias = new int[columns()];
    this.isFloat = new boolean[panels()];
    this.isFloatAnyway = new boolean[panels()];
    int padded = columns() + Epilogue.SLACK;
    this.start =
        new Start(
            new float[padded],
            new int[padded],
            isFloat,
            weights.inputZeroPoint() - weights.centre());
    this.pairsFit = new boolean[panels()];
    this.source = source(weights);
    this.centre = weights.centre();
    fill(weights);
  }

  private static RowSource source(Int8Weights weights) {
    byte flip = weights.inputUnsigned() ? Byte.MIN_VALUE : 0;
    return new RowSource.Bytes(flip);
  }

  /** The panels kept in scratch memory if their shape is right, else new ones, with the weights. */
  static Int8Panels kept(Int8Weights weights, Scratch scratch) {
    int kind = weights.inputZeroPoint() & 0xff | (weights.inputUnsigned() ? 0x100 : 0);
    long key = Slots.panels(weights.columns(), weights.depth(), kind);
    if (scratch.kept(key) instanceof Int8Panels panels
        && panels.columns() == weights.columns()
        && panels.depth() == weights.depth()
        && panels.source.equals(source(weights))) {
      panels.fill(weights);
      return panels;
    }
    Int8Panels panels = new Int8Panels(weights);
    scratch.keep(key, panels);
    return panels;
  }

  /** Takes in other weights of the same shape, for an input of the same kind. */
  void fill(Int8Weights weights) {
    Arrays.fill(isFloat, true);
    Arrays.fill(isFloatAnyway, true);
    hasOffsets = false;
    for (int c = 0; c < columns(); c++) {
      offsets[c] = (weights.unsigned() ? 128 : 0) - weights.zeroPoints()[c];
      hasOffsets |= offsets[c] != 0;
    }
    boolean rows = weights.columnStep() == 1;
    Arrays.fill(pairsFit, !rows);
    if (rows) {
      fillRows(weights);
      return;
    }
    for (int c = 0; c < columns(); c++) {
      place(weights, c);
    }
  }

  /** Weights that lie row by row, as those that change from run to run do. */
  private void fillRows(Int8Weights weights) {
    byte flip = weights.unsigned() ? Byte.MIN_VALUE : 0;
    int[] sums = panelSums;
    boolean shallow = depth() <= SHALLOW && isZero(weights.bias());
    for (int panel = 0; panel < panels(); panel++) {
      int first = panel * Tiles.WIDE;
      int width = width(panel);
      int at = position(panel, 0);
      int from = weights.from() + first;
      for (int k = 0; k < depth(); k++, at += width, from += weights.depthStep()) {
        System.arraycopy(weights.values(), from, data, at, used(panel));
      }
      PanelSums.of(data, position(panel, 0), depth(), width, flip, offsets, first, sums);
      for (int c = 0; c < used(panel); c++) {
        if (shallow) {
          start(weights, first + c, sums[c]);
        } else {
          finish(weights, first + c, sums[c], sums[Tiles.WIDE + c]);
        }
      }
    }
  }

  /** In a loop: products of computed tensors come here on each run, and streams are objects. */
  private static boolean isZero(int[] numbers) {
    for (int number : numbers) {
      if (number != 0) {
        return false;
      }
    }
    return true;
  }

  private void place(Int8Weights weights, int column) {
    int panel = column / Tiles.WIDE;
    int width = width(panel);
    int at = position(panel, 0) + column % Tiles.WIDE;
    int from = weights.from() + column * weights.columnStep();
    int flip = weights.unsigned() ? Byte.MIN_VALUE : 0;
    int offset = (int) offsets[column];
    long sum = 0;
    long magnitude = 0;
    byte before = 0;
    for (int k = 0; k < depth(); k++, at += width, from += weights.depthStep()) {
      byte signed = (byte) (weights.values()[from] ^ flip);
      data[at] = signed;
      sum += signed + offset;
      magnitude += Math.abs(signed + offset);
      boolean both = k % 2 == 1 && signed == Byte.MIN_VALUE && before == Byte.MIN_VALUE;
      pairsFit[panel] &= !both;
      before = signed;
    }
    finish(weights, column, sum, magnitude);
  }

  private int start(Int8Weights weights, int column, long sum) {
    int first = weights.centredBias(column, sum);
    start.integers()[column] = first;
    start.floats()[column] = first;
    columnSums[column] = (int) sum;
    bias[column] = weights.bias()[column];
    return first;
  }

  private void finish(Int8Weights weights, int column, long sum, long magnitude) {
    int panel = column / Tiles.WIDE;
    int first = start(weights, column, sum);
    isFloat[panel] &= Accumulator.of(magnitude, 128, first).fitsFloat();
    isFloatAnyway[panel] &= Accumulator.of(magnitude, 256, bias[column]).fitsFloat();
  }

  /** What accumulators start from where the input has another zero point. */
  Start startAt(int inputZeroPoint, Scratch scratch) {
    Start shifted;
    if (scratch.kept(startKey) instanceof Start known) {
      shifted = known;
    } else {
      int padded = columns() + Epilogue.SLACK;
      shifted = new Start(new float[padded], new int[padded], isFloatAnyway, Integer.MIN_VALUE);
      scratch.keep(startKey, shifted);
    }
    int distance = centre - inputZeroPoint;
    boolean changes = shifted.changesTo(-distance);
    for (int c = 0; changes && c < columns(); c++) {
      int first = bias[c] + distance * columnSums[c];
      shifted.integers()[c] = first;
      shifted.floats()[c] = first;
    }
    return shifted;
  }

  @Override
  float[] stretch(int panel, int from, int count, Scratch scratch) {
    int width = width(panel);
    float[] floats = scratch.floats(Slots.PANEL, CHUNK * Tiles.WIDE);
    Widening.widen(data, position(panel, from), count * width, (byte) 0, floats, 0);
    if (hasOffsets) {
      Widening.addOffsets(floats, count, width, offsets, panel * Tiles.WIDE);
    }
    return floats;
  }

  @Override
  int stretchAt(int panel, int from) {
    return 0;
  }

  @Override
  Start start() {
    return start;
  }

  @Override
  void beginRow(float[] a, int at, Scratch scratch) {
    short[] row = scratch.shorts(Slots.ROW, depth() + 1);
    row[depth()] = 0;
    RowProduct.toShorts(a, at, depth(), row);
    int sum = 0;
    for (int k = 0; hasOffsets && k < depth(); k++) {
      sum += row[k];
    }
    scratch.ints(Slots.ROW_SUMS, ROW_SUM + 1)[ROW_SUM] = sum;
  }

  @Override
  int sumRow(int panel, int end, Start from, float[] a, int at, float[] sums, Scratch scratch) {
    if (!isPaired(panel)) {
      return 0;
    }
    short[] row = scratch.shorts(Slots.ROW, depth() + 1);
    int[] columns = scratch.ints(Slots.ROW_SUMS, ROW_SUM + 1);
    boolean two = panel + 1 < Math.min(end, panels()) && isPaired(panel + 1);
    int first = position(panel, 0);
    if (two) {
      int step = position(panel + 1, 0) - first;
      RowProduct.pairsOfTwo(row, data, first, step, depth(), columns, 0);
      finishRow(panel + 1, from, columns, Tiles.WIDE, sums);
    } else {
      RowProduct.pairs(row, data, first, depth(), columns, 0);
    }
    finishRow(panel, from, columns, 0, sums);
    return two ? 2 : 1;
  }

  private boolean isPaired(int panel) {
    return width(panel) == Tiles.WIDE && pairsFit[panel];
  }

  /** Puts the columns of a panel in order, and adds what they start from. */
  private void finishRow(int panel, Start from, int[] columns, int at, float[] sums) {
    int rowSum = columns[ROW_SUM];
    for (int c = 0; c < used(panel); c++) {
      int channel = panel * Tiles.WIDE + c;
      int sum = columns[at + (c & 1) * LANES + (c >> 1)];
      sums[at + c] = sum + rowSum * (int) offsets[channel] + from.integers()[channel];
    }
  }

  @Override
  public long bytes() {
    return data.length + 4L * offsets.length + 16L * columns();
  }
}
