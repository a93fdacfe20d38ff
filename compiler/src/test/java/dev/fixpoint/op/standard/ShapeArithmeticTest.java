package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Affine;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What arithmetic says of tensors that describe shapes, with a symbolic batch N. */
class ShapeArithmeticTest {
  private static final Affine N = Affine.of("N");

  private static @Nullable List<@Nullable Affine> entries(OpDefinition op, ShapeValue... inputs) {
    TensorType type = TensorType.of(ElementType.INT64, inputs[0].size());
    OpCall call =
        OpCall.of(
            Attributes.NONE,
            Arrays.stream(inputs).map(_ -> type).toList(),
            List.of(),
            List.of(inputs),
            1);
    ShapeValue value = op.shapeValue(call);
    return value == null ? null : value.entries();
  }

  private static ShapeValue vector(@Nullable Affine... entries) {
    return ShapeValue.vector(Arrays.asList(entries));
  }

  private static ShapeValue numbers(long... values) {
    return ShapeValue.vector(Arrays.stream(values).mapToObj(Affine::of).toList());
  }

  @Test
  void sumsDifferencesAndProductsStaySymbolic() {
    assertThat(entries(StandardOps.ADD, vector(N), numbers(3))).containsExactly(sum(N, 3));
    assertThat(entries(StandardOps.SUB, vector(N), numbers(3))).containsExactly(sum(N, -3));
    assertThat(entries(StandardOps.SUB, vector(N), vector(N))).containsExactly(Affine.of(0));
    assertThat(entries(StandardOps.MUL, numbers(4), vector(N))).containsExactly(N.times(4));
    assertThat(entries(StandardOps.MUL, vector(N), vector(N))).containsExactly((Affine) null);
  }

  private static Affine sum(Affine a, long b) {
    return a.plus(Affine.of(b));
  }

  @Test
  void aQuotientIsKnownWhereItComesOutEven() {
    assertThat(entries(StandardOps.DIV, vector(N.times(4)), numbers(2)))
        .containsExactly(N.times(2));
    assertThat(entries(StandardOps.DIV, vector(N), numbers(2))).containsExactly((Affine) null);
    assertThat(entries(StandardOps.DIV, numbers(-7), numbers(2))).containsExactly(Affine.of(-3));
    assertThat(entries(StandardOps.DIV, numbers(7), numbers(0))).containsExactly((Affine) null);
  }

  @Test
  void aSingleEntryRepeats() {
    assertThat(entries(StandardOps.ADD, numbers(1, 2, 3), numbers(10)))
        .containsExactly(Affine.of(11), Affine.of(12), Affine.of(13));
    assertThat(entries(StandardOps.ADD, numbers(1, 2), numbers(1, 2, 3))).isNull();
  }

  @Test
  void whatLeavesTheLongsIsNotKnown() {
    assertThat(entries(StandardOps.MUL, numbers(Long.MAX_VALUE), numbers(2)))
        .containsExactly((Affine) null);
  }

  @Test
  void aDimensionIsNeverNegative() {
    assertThat(entries(StandardOps.EQUAL, vector(N, N, N), numbers(-1, 0, 4)))
        .containsExactly(Affine.of(0), null, null);
    assertThat(entries(StandardOps.EQUAL, vector(N), vector(N))).containsExactly(Affine.of(1));
  }

  @Test
  void aChoiceIsKnownWhereItsConditionIs() {
    assertThat(entries(StandardOps.WHERE, numbers(1, 0), numbers(7, 8), vector(N, N)))
        .containsExactly(Affine.of(7), N);
    assertThat(entries(StandardOps.WHERE, vector((Affine) null), numbers(7), numbers(7)))
        .containsExactly((Affine) null);
  }
}
