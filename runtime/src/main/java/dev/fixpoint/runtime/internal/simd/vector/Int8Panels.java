package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Arrays;

/**
 * Packed bytes that are widened to floats once per panel and row block. A column whose sums are
 * proved exact in float32 starts from its bias as a float; where one column of a panel is not, the
 * panel's sums are flushed into int32 after every stretch.
 */
final class Int8Panels extends Panels {
  private final byte[] data;
  private final float[] offsets;
  private final boolean hasOffsets;
  private final float[] start;
  private final int[] integerStart;
  private final boolean[] isFloat;
  private final RowSource source;

  Int8Panels(Int8Weights weights) {
    super(weights.columns(), weights.depth());
    this.data = new byte[size(columns(), depth()) + Epilogue.SLACK];
    this.offsets = new float[columns() + Epilogue.SLACK];
    this.start = new float[columns() + Epilogue.SLACK];
    this.integerStart = new int[columns() + Epilogue.SLACK];
    this.isFloat = new boolean[panels()];
    byte flip = weights.inputUnsigned() ? Byte.MIN_VALUE : 0;
    this.source = new RowSource.Bytes(flip, weights.inputZeroPoint() - weights.centre());
    Arrays.fill(isFloat, true);
    boolean any = false;
    for (int c = 0; c < columns(); c++) {
      place(weights, c);
      offsets[c] = (weights.unsigned() ? 128 : 0) - weights.zeroPoints()[c];
      any |= offsets[c] != 0;
      integerStart[c] = weights.centredBias(c);
      start[c] = integerStart[c];
      isFloat[c / Tiles.WIDE] &= weights.fitsFloat(c);
    }
    this.hasOffsets = any;
  }

  private void place(Int8Weights weights, int column) {
    int panel = column / Tiles.WIDE;
    int width = width(panel);
    int at = position(panel, 0) + column % Tiles.WIDE;
    int from = column * depth();
    int flip = weights.unsigned() ? Byte.MIN_VALUE : 0;
    for (int k = 0; k < depth(); k++, at += width) {
      data[at] = (byte) (weights.values()[from + k] ^ flip);
    }
  }

  /** How inputs are read. */
  RowSource source() {
    return source;
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
  float[] start() {
    return start;
  }

  @Override
  boolean isFloat(int panel) {
    return isFloat[panel];
  }

  @Override
  int[] integerStart() {
    return integerStart;
  }

  @Override
  public long bytes() {
    return data.length + 12L * start.length;
  }
}
