package dev.fixpoint.transform.weights;

/** Factors and inverses of symmetric positive definite matrices, row-major in one array. */
public final class SymmetricMatrices {
  private SymmetricMatrices() {}

  /** The lower factor L with {@code A = L Lᵀ}; empty where A is not positive definite. */
  public static double[] cholesky(double[] matrix, int size) {
    double[] lower = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i * size + j];
        for (int k = 0; k < j; k++) {
          sum -= lower[i * size + k] * lower[j * size + k];
        }
        if (i == j) {
          if (!(sum > 0) || Double.isInfinite(sum)) {
            return new double[0];
          }
          lower[i * size + i] = Math.sqrt(sum);
        } else {
          lower[i * size + j] = sum / lower[j * size + j];
        }
      }
    }
    return lower;
  }

  /** {@code (L Lᵀ)⁻¹} for a lower factor L. */
  public static double[] inverse(double[] lower, int size) {
    double[] half = lowerInverse(lower, size);
    double[] inverse = new double[size * size];
    for (int k = 0; k < size; k++) {
      for (int i = 0; i <= k; i++) {
        double factor = half[k * size + i];
        for (int j = 0; j <= k; j++) {
          inverse[i * size + j] += factor * half[k * size + j];
        }
      }
    }
    return inverse;
  }

  /** {@code L⁻¹}, by rows: row i of the inverse from the rows before it. */
  private static double[] lowerInverse(double[] lower, int size) {
    double[] inverse = new double[size * size];
    for (int i = 0; i < size; i++) {
      int row = i * size;
      for (int k = 0; k < i; k++) {
        double factor = lower[row + k];
        for (int j = 0; j <= k; j++) {
          inverse[row + j] -= factor * inverse[k * size + j];
        }
      }
      inverse[row + i] = 1;
      for (int j = 0; j <= i; j++) {
        inverse[row + j] /= lower[row + i];
      }
    }
    return inverse;
  }

  /** The transposed matrix. */
  static double[] transposed(double[] matrix, int size) {
    double[] result = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        result[j * size + i] = matrix[i * size + j];
      }
    }
    return result;
  }
}
