package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import dev.fixpoint.runtime.internal.simd.BlockedWeights;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Arrays;

/**
 * Packed weights of few bits: an int holds neighbouring weights of one column, a vector of ints
 * those of neighbouring columns. One row is multiplied by them as they are; for more rows a stretch
 * of a panel is widened to floats that stay in L1.
 */
final class BlockedPanels extends TiledPanels {
  /** Rows up to which it pays to read packed weights again for each, instead of widening them. */
  static final int FEW_ROWS = 4;

  /** Sum of magnitudes of a row up to which no sum of its products with integers overflows. */
  private static final double LARGEST = 0x1p80;

  /**
   * Weights that share a zero point are summed so many at a time at most: a short sum loses little
   * when that zero point is taken off.
   */
  private static final int LONGEST_SUM = 128;

  private static final int MOST_IN_INT = Integer.SIZE / 2;

  private final int bits;
  private final int inInt;
  private final int groups;
  private final int blocks;
  private final int groupsOfBlock;
  private final int[] data;
  private final float[] scales;
  private final float[] zeros;
  private final int zeroStep;
  private final Start start;
  private final int biases;

  BlockedPanels(BlockedWeights weights) {
    super(weights.columns(), weights.depth(), RowSource.FLOATS);
    this.bits = weights.bits();
    this.inInt = Integer.SIZE / bits;
    this.groups = Math.ceilDiv(depth(), inInt);
    int block = Math.min(weights.blockSize(), LONGEST_SUM);
    this.blocks = Math.ceilDiv(depth(), block);
    this.groupsOfBlock = block / inInt;
    int padded = size(columns(), 1);
    this.data = new int[Math.multiplyExact(padded, groups)];
    this.scales = new float[padded * blocks];
    boolean alike = areAlike(weights.zeros());
    this.zeroStep = alike ? 0 : 1;
    this.zeros = new float[alike ? LANES : padded * blocks];
    this.biases = columns() + Epilogue.SLACK;
    float[] bias = new float[biases];
    System.arraycopy(weights.bias(), 0, bias, 0, columns());
    this.start = new Start(bias, 0);
    for (int c = 0; c < columns(); c++) {
      fill(weights, c);
    }
    if (alike) {
      Arrays.fill(zeros, weights.zeros()[0]);
    }
  }

  private static boolean areAlike(float[] numbers) {
    for (float number : numbers) {
      if (number != numbers[0]) {
        return false;
      }
    }
    return true;
  }

  private void fill(BlockedWeights weights, int column) {
    int vector = column / LANES;
    int lane = column % LANES;
    for (int k = 0; k < depth(); k++) {
      int at = (vector * groups + k / inInt) * LANES + lane;
      data[at] |= weights.code(column, k) << (k % inInt * bits);
    }
    for (int b = 0; b < blocks; b++) {
      int at = (vector * blocks + b) * LANES + lane;
      int given = weights.block(column, b * groupsOfBlock * inInt);
      scales[at] = weights.scales()[given];
      if (zeroStep != 0) {
        zeros[at] = weights.zeros()[given];
      }
    }
  }

  @Override
  float[] stretch(int panel, int from, int count, Scratch scratch) {
    int width = width(panel);
    float[] floats = scratch.floats(Slots.PANEL, (CHUNK + 2 * MOST_IN_INT) * Tiles.WIDE);
    int first = from / inInt;
    int end = Math.ceilDiv(from + count, inInt);
    for (int i = 0; i < width; i += LANES) {
      int vector = (panel * Tiles.WIDE + i) / LANES;
      for (int g = first; g < end; ) {
        int block = g / groupsOfBlock;
        int next = Math.min(end, (block + 1) * groupsOfBlock);
        int of = (vector * blocks + block) * LANES;
        int at = (vector * groups + g) * LANES;
        int to = (g - first) * inInt * width + i;
        BlockedRuns.widen(
            data, at, next - g, bits, scales, of, zeros, zerosAt(of), floats, to, width);
        g = next;
      }
    }
    return floats;
  }

  @Override
  int stretchAt(int panel, int from) {
    return from % inInt * width(panel);
  }

  @Override
  Start start() {
    return start;
  }

  /** Copies the row, filled up with zeros, and sums its blocks. */
  @Override
  void beginRow(float[] a, int at, Scratch scratch) {
    float[] row = scratch.floats(Slots.ROWS, groups * inInt);
    System.arraycopy(a, at, row, 0, depth());
    Arrays.fill(row, depth(), groups * inInt, 0);
    float[] sums = scratch.floats(Slots.PATCHES, blocks + 1);
    double magnitude = 0;
    int length = groupsOfBlock * inInt;
    for (int b = 0; b < blocks; b++) {
      double sum = 0;
      for (int k = b * length; k < Math.min(depth(), (b + 1) * length); k++) {
        sum += row[k];
        magnitude += Math.abs(row[k]);
      }
      sums[b] = (float) sum;
    }
    sums[blocks] = magnitude <= LARGEST ? 1 : 0;
  }

  @Override
  int sumRow(int panel, int end, Start from, float[] a, int at, float[] sums, Scratch scratch) {
    float[] totals = scratch.floats(Slots.PATCHES, blocks + 1);
    if (totals[blocks] == 0) {
      return 0;
    }
    float[] row = scratch.floats(Slots.ROWS, groups * inInt);
    for (int i = 0; i < width(panel); i += LANES) {
      int column = panel * Tiles.WIDE + i;
      int vector = column / LANES;
      float[] first = from.floats();
      switch (bits) {
        case 2 -> BlockedRuns.pairs(this, vector, row, totals, first, column, sums, i);
        case 4 -> BlockedRuns.nibbles(this, vector, row, totals, first, column, sums, i);
        default -> BlockedRuns.bytes(this, vector, row, totals, first, column, sums, i);
      }
    }
    return 1;
  }

  int[] data() {
    return data;
  }

  float[] scales() {
    return scales;
  }

  float[] zeros() {
    return zeros;
  }

  /** Vectors of ints of a vector of columns. */
  int groups() {
    return groups;
  }

  /** How many of them share scales and zero points. */
  int groupsOfBlock() {
    return groupsOfBlock;
  }

  /** Where the scales of a vector of columns begin, those of a block side by side. */
  int parametersAt(int vector) {
    return vector * blocks * LANES;
  }

  /** Where the zero points lie whose scales lie at a position. */
  int zerosAt(int parameters) {
    return zeroStep * parameters;
  }

  @Override
  public long bytes() {
    return 4L * (data.length + scales.length + zeros.length + biases);
  }
}
