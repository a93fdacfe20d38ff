package dev.fixpoint.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Every element arrives where its transposition belongs, however few or many rows there are. */
class LayoutChangeTest {
  private static final int BEFORE = 5;
  private static final int BEHIND = 3;

  @Test
  void matricesOfEveryShapeAreTransposed() {
    for (int batch = 1; batch <= 3; batch++) {
      for (int rows : new int[] {1, 2, 3, 7, 8, 9, 16, 33}) {
        for (int columns : new int[] {1, 2, 5, 16, 37}) {
          LayoutChange change = new LayoutChange(batch, rows, columns);
          int count = batch * rows * columns;
          float[] floats = new float[BEFORE + count];
          byte[] bytes = new byte[BEFORE + count];
          float[] floatTarget = new float[BEHIND + count];
          byte[] byteTarget = new byte[BEHIND + count];
          for (int i = 0; i < count; i++) {
            floats[BEFORE + i] = i + 1;
            bytes[BEFORE + i] = (byte) (i + 1);
          }
          change.move(floats, BEFORE, floatTarget, BEHIND);
          change.move(bytes, BEFORE, byteTarget, BEHIND);
          for (int i = 0; i < count; i++) {
            int matrix = i / (rows * columns);
            int row = i / columns % rows;
            int column = i % columns;
            int at = BEHIND + (matrix * columns + column) * rows + row;
            assertThat(floatTarget[at]).isEqualTo(i + 1);
            assertThat(byteTarget[at]).isEqualTo((byte) (i + 1));
          }
        }
      }
    }
  }
}
