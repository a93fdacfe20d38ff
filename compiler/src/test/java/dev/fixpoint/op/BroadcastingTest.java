package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class BroadcastingTest {
  private static final Dimension N = Dimension.of("N");
  private static final Dimension M = Dimension.of("M");

  @Test
  void shapesAreAlignedAtTheirEnds() {
    assertThat(Broadcasting.shape(Shape.of(2, 1, 4), Shape.of(3, 1))).isEqualTo(Shape.of(2, 3, 4));
    assertThat(Broadcasting.shape(Shape.SCALAR, Shape.of(5))).isEqualTo(Shape.of(5));
    assertThat(Broadcasting.shape(Shape.of(0), Shape.of(1))).isEqualTo(Shape.of(0));
    assertThat(Broadcasting.shape(List.of(Shape.of(3), Shape.of(2, 1), Shape.of(4, 1, 1))))
        .isEqualTo(Shape.of(4, 2, 3));
  }

  @Test
  void differentSizesAreRefused() {
    assertThatThrownBy(() -> Broadcasting.shape(Shape.of(2, 3), Shape.of(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shapes [2,3] and [2] do not broadcast: 3 against 2");
  }

  @Test
  void aNamedDimensionStaysKnownOnlyWhereItMust() {
    Shape named = Shape.of(List.of(N, Dimension.of(4)));
    assertThat(Broadcasting.shape(named, Shape.of(4))).isEqualTo(named);
    assertThat(Broadcasting.shape(named, Shape.of(1, 1))).isEqualTo(named);
    assertThat(Broadcasting.shape(named, named)).isEqualTo(named);
    assertThat(Broadcasting.shape(Shape.of(List.of(N)), Shape.of(7))).isEqualTo(Shape.of(7));
    assertThat(Broadcasting.shape(Shape.of(List.of(N)), Shape.of(List.of(M))))
        .isEqualTo(Shape.ofRank(1));
    assertThat(Broadcasting.shape(named, Shape.ofRank(2)))
        .isEqualTo(Shape.of(List.of(Dimension.UNKNOWN, Dimension.of(4))));
  }

  @Test
  void nothingIsKnownWithoutARank() {
    assertThat(Broadcasting.shape(Shape.UNRANKED, Shape.of(2))).isEqualTo(Shape.UNRANKED);
  }

  @Test
  void offsetsRepeatWhereAnOperandDoes() {
    Shape result = Shape.of(2, 3);
    assertThat(Broadcasting.offsets(Shape.of(2, 1), result)).containsExactly(0, 0, 0, 1, 1, 1);
    assertThat(Broadcasting.offsets(Shape.of(3), result)).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(Broadcasting.offsets(result, result)).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(Broadcasting.offsets(Shape.SCALAR, Shape.SCALAR)).containsExactly(0);
    assertThat(Broadcasting.offsets(Shape.of(1), Shape.of(0, 1))).isEmpty();
  }

  @Test
  void anOperandLargerThanTheResultIsRefused() {
    assertThatThrownBy(() -> Broadcasting.offsets(Shape.of(2), Shape.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Broadcasting.offsets(Shape.of(1, 1), Shape.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
