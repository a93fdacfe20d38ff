package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.kernel.Scratch;

/**
 * The taps of a depthwise convolution as floats, channels side by side, padded to whole vectors.
 */
final class DepthwiseTaps implements PackedWeights {
  private final int columns;
  private final int padded;
  private final float[] taps;
  private final Start start;
  private final float[] sums;
  private final int centre;
  private final RowSource source;
  private final long startKey = Slots.nextStart();
  private final PerGeometry<Depthwise> prepared;

  private DepthwiseTaps(
      int columns,
      int padded,
      float[] taps,
      Start start,
      float[] sums,
      int centre,
      RowSource source) {
    this.columns = columns;
    this.padded = padded;
    this.taps = taps;
    this.start = start;
    this.sums = sums;
    this.centre = centre;
    this.source = source;
    this.prepared = new PerGeometry<>(geometry -> new Depthwise(geometry, this));
  }

  static DepthwiseTaps of(Int8Weights weights) {
    int padded = padded(weights.columns());
    float[] taps = new float[weights.depth() * padded];
    float[] start = new float[padded + Epilogue.SLACK];
    float[] sums = new float[weights.columns()];
    for (int c = 0; c < weights.columns(); c++) {
      start[c] = weights.centredBias(c);
      sums[c] = weights.sum(c);
      for (int t = 0; t < weights.depth(); t++) {
        taps[t * padded + c] = weights.at(c, t);
      }
    }
    byte flip = weights.inputUnsigned() ? Byte.MIN_VALUE : 0;
    int padding = weights.inputZeroPoint() - weights.centre();
    return new DepthwiseTaps(
        weights.columns(),
        padded,
        taps,
        new Start(start, padding),
        sums,
        weights.centre(),
        new RowSource.Bytes(flip));
  }

  static DepthwiseTaps of(FloatWeights weights) {
    int padded = padded(weights.columns());
    float[] taps = new float[weights.depth() * padded];
    float[] start = new float[padded + Epilogue.SLACK];
    System.arraycopy(weights.bias(), 0, start, 0, weights.columns());
    for (int c = 0; c < weights.columns(); c++) {
      for (int t = 0; t < weights.depth(); t++) {
        taps[t * padded + c] = weights.values()[c * weights.depth() + t];
      }
    }
    return new DepthwiseTaps(
        weights.columns(), padded, taps, new Start(start, 0), new float[0], 0, RowSource.FLOATS);
  }

  @Override
  public int columns() {
    return columns;
  }

  /** Output channels, padding included. */
  int padded() {
    return padded;
  }

  /** One row of {@link #padded} floats for each tap. */
  float[] taps() {
    return taps;
  }

  /** What accumulators start from. */
  Start start() {
    return start;
  }

  /** What accumulators start from where the input has another zero point. */
  Start startAt(int inputZeroPoint, Scratch scratch) {
    int padding = inputZeroPoint - centre;
    Start shifted;
    if (scratch.kept(startKey) instanceof Start known) {
      shifted = known;
    } else {
      shifted = new Start(new float[start.floats().length], Integer.MIN_VALUE);
      scratch.keep(startKey, shifted);
    }
    boolean changes = shifted.changesTo(padding);
    for (int c = 0; changes && c < columns; c++) {
      shifted.floats()[c] = start.floats()[c] + (start.padding() - padding) * sums[c];
    }
    return shifted;
  }

  /** How inputs are read. */
  RowSource source() {
    return source;
  }

  /** The convolution of a geometry with these taps. */
  Depthwise prepared(ConvGeometry geometry) {
    return prepared.get(geometry);
  }

  private static int padded(int columns) {
    return Math.ceilDiv(columns, Species.BYTE_LANES) * Species.BYTE_LANES;
  }

  @Override
  public long bytes() {
    return 4L * (taps.length + start.floats().length + sums.length);
  }
}
