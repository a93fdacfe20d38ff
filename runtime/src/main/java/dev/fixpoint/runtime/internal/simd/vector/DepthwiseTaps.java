package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;

/**
 * The taps of a depthwise convolution as floats, channels side by side, padded to whole vectors.
 *
 * @param columns output channels
 * @param padded output channels, padding included
 * @param taps one row of {@code padded} floats for each tap
 * @param start what accumulators start from
 * @param source how inputs are read
 */
record DepthwiseTaps(int columns, int padded, float[] taps, float[] start, RowSource source)
    implements PackedWeights {

  static DepthwiseTaps of(Int8Weights weights) {
    int padded = padded(weights.columns());
    float[] taps = new float[weights.depth() * padded];
    float[] start = new float[padded + Epilogue.SLACK];
    for (int c = 0; c < weights.columns(); c++) {
      start[c] = weights.centredBias(c);
      for (int t = 0; t < weights.depth(); t++) {
        taps[t * padded + c] = weights.at(c, t);
      }
    }
    byte flip = weights.inputUnsigned() ? Byte.MIN_VALUE : 0;
    float padding = weights.inputZeroPoint() - weights.centre();
    return new DepthwiseTaps(
        weights.columns(), padded, taps, start, new RowSource.Bytes(flip, padding));
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
    return new DepthwiseTaps(weights.columns(), padded, taps, start, RowSource.FLOATS);
  }

  private static int padded(int columns) {
    return Math.ceilDiv(columns, Species.BYTE_LANES) * Species.BYTE_LANES;
  }

  @Override
  public long bytes() {
    return 4L * (taps.length + start.length);
  }
}
