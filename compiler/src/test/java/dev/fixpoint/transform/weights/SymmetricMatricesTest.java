package dev.fixpoint.transform.weights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Factors and inverses of small integer matrices, which double holds exactly. */
class SymmetricMatricesTest {
  /** L Lᵀ for L = [[2, 0, 0], [1, 1, 0], [-4, 2, 1]]. */
  private static final double[] MATRIX = {4, 2, -8, 2, 2, -2, -8, -2, 21};

  @Test
  void factorIsTheLowerTriangle() {
    assertThat(SymmetricMatrices.cholesky(MATRIX, 3)).containsExactly(2, 0, 0, 1, 1, 0, -4, 2, 1);
  }

  @Test
  void inverseTimesMatrixIsOne() {
    double[] inverse = SymmetricMatrices.inverse(SymmetricMatrices.cholesky(MATRIX, 3), 3);

    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double sum = 0;
        for (int k = 0; k < 3; k++) {
          sum += inverse[i * 3 + k] * MATRIX[k * 3 + j];
        }
        assertThat(sum).isEqualTo(i == j ? 1 : 0);
      }
    }
  }

  @Test
  void indefiniteMatrixHasNoFactor() {
    assertThat(SymmetricMatrices.cholesky(new double[] {1, 2, 2, 1}, 2)).isEmpty();
  }
}
