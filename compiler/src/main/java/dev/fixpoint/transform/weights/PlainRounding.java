package dev.fixpoint.transform.weights;

import java.util.List;

/**
 * Rounding to the nearest number of the grid. Symmetric formats map the largest magnitude of a
 * block to the largest number; formats with zero points map the smallest and the largest weight,
 * widened to hold 0, to the ends.
 */
final class PlainRounding {
  private PlainRounding() {}

  /** The weights, rounded. */
  static StoredWeights round(WeightFormat format, WeightMatrix matrix, double[] weights) {
    Blocks blocks = new Blocks(matrix, format.blockSize());
    List<int[]> elements = blocks.elements();
    float[] scales = new float[elements.size()];
    double[] zeros = new double[elements.size()];
    double[] codes = new double[weights.length];
    for (int b = 0; b < scales.length; b++) {
      double low = 0;
      double high = 0;
      for (int i : elements.get(b)) {
        low = Math.min(low, weights[i]);
        high = Math.max(high, weights[i]);
      }
      if (format.hasZeroPoints()) {
        scales[b] = scale((high - low) / format.largest());
        zeros[b] = format.nearest(-low / scales[b]);
      } else {
        scales[b] = scale(Math.max(high, -low) / format.largest());
      }
      for (int i : elements.get(b)) {
        codes[i] = format.nearest(weights[i] / scales[b] + zeros[b]);
      }
    }
    return new StoredWeights(format, blocks, codes, scales, zeros);
  }

  /** A scale as float32; 1 for a block of zeros. */
  static float scale(double exact) {
    float scale = (float) exact;
    return scale < Float.MIN_NORMAL ? 1 : scale;
  }
}
