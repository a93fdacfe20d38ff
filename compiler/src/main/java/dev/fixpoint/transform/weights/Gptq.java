package dev.fixpoint.transform.weights;

import java.util.Optional;

/**
 * GPTQ (E. Frantar et al., "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained
 * Transformers", arXiv:2210.17323): columns are rounded one after the other, and the error of each
 * is made up for by the columns to come, in the way that moves the layer's outputs on calibration
 * data least.
 *
 * <p>With {@code A} the moments of the inputs, dampened, and {@code U} the upper Cholesky factor of
 * {@code A⁻¹}, column k is rounded and {@code w_j -= (w_k - w'_k) / U_kk · U_kj} for j > k. Scales
 * and zero points are those of plain rounding.
 */
final class Gptq {
  /** Share of the mean moment that is added to the diagonal. */
  private static final double DAMPENING = 0.01;

  private Gptq() {}

  /** The weights, rounded; empty where the moments are not positive definite. */
  static Optional<StoredWeights> round(
      WeightFormat format, WeightMatrix matrix, double[] weights, LayerMoments moments) {
    StoredWeights plain = PlainRounding.round(format, matrix, weights);
    int[] blocks = plain.blocks().ofElements();
    double[] codes = new double[weights.length];
    for (int group = 0; group < matrix.groups(); group++) {
      double[] factor =
          SymmetricMatrices.inverseFactor(moments.of(group), matrix.columns(), DAMPENING);
      if (factor.length == 0) {
        return Optional.empty();
      }
      for (int row = 0; row < matrix.rows(); row++) {
        if (matrix.group(row) == group) {
          roundRow(plain, blocks, row, matrix.row(weights, row), factor, codes);
        }
      }
    }
    return Optional.of(
        new StoredWeights(format, plain.blocks(), codes, plain.scales(), plain.zeros()));
  }

  private static void roundRow(
      StoredWeights plain, int[] blocks, int row, double[] left, double[] factor, double[] codes) {
    int columns = left.length;
    for (int k = 0; k < columns; k++) {
      int position = plain.blocks().matrix().position(row, k);
      int block = blocks[position];
      double scale = plain.scales()[block];
      double zero = plain.zeros()[block];
      codes[position] = plain.format().nearest(left[k] / scale + zero);
      double error = (left[k] - (codes[position] - zero) * scale) / factor[k * columns + k];
      for (int j = k + 1; j < columns; j++) {
        left[j] -= error * factor[k * columns + j];
      }
    }
  }
}
