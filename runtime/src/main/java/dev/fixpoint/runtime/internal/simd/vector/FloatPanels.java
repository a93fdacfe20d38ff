package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.kernel.Scratch;

/** Packed float32 weights, multiplied where they lie. */
final class FloatPanels extends Panels {
  /** Unlike any kind of integer panels. */
  private static final int FLOATS = -1;

  private final float[] data;
  private final float[] bias;
  private final Start start;

  FloatPanels(FloatWeights weights) {
    super(weights.columns(), weights.depth(), RowSource.FLOATS);
    this.data = new float[size(columns(), depth())];
    this.bias = new float[columns() + Epilogue.SLACK];
    this.start = new Start(bias, 0);
    fill(weights);
  }

  /** The panels kept in scratch memory if their shape is right, else new ones, with the weights. */
  static FloatPanels kept(FloatWeights weights, Scratch scratch) {
    long key = Slots.panels(weights.columns(), weights.depth(), FLOATS);
    if (scratch.kept(key) instanceof FloatPanels panels
        && panels.columns() == weights.columns()
        && panels.depth() == weights.depth()) {
      panels.fill(weights);
      return panels;
    }
    FloatPanels panels = new FloatPanels(weights);
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
}
