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

  /**
   * The upper factor U with {@code (A + d·I)⁻¹ = Uᵀ U}, where d is a share of the mean of A's
   * diagonal; empty where the sum is not positive definite.
   */
  public static double[] inverseFactor(double[] matrix, int size, double share) {
    double[] dampened = matrix.clone();
    double trace = 0;
    for (int i = 0; i < size; i++) {
      trace += matrix[i * size + i];
    }
    double added = trace == 0 ? 1 : share * trace / size;
    for (int i = 0; i < size; i++) {
      dampened[i * size + i] += added;
    }
    double[] lower = cholesky(dampened, size);
    if (lower.length == 0) {
      return lower;
    }
    double[] again = cholesky(inverse(lower, size), size);
    return again.length == 0 ? again : transposed(again, size);
  }

  /** The transposed matrix. */
  private static double[] transposed(double[] matrix, int size) {
    double[] result = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        result[j * size + i] = matrix[i * size + j];
      }
    }
    return result;
  }
}
