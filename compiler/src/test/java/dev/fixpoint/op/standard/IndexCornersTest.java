package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexCornersTest {
  private static final Attributes NONE = Attributes.NONE;

  @Test
  void reflectionGoesBackAndForthInALongPad() {
    var reflect = NONE.with(Pad.MODE, "reflect");
    assertThat(Calls.evaluate(new Pad(), reflect, Calls.iota(3), Tensor.vector(5, 4)).toLongs())
        .containsExactly(1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2);
    assertThat(Calls.evaluate(new Pad(), reflect, Calls.iota(1), Tensor.vector(1, 1)).toLongs())
        .containsExactly(0, 0, 0);
  }

  @Test
  void aWrappedPadStartsOver() {
    var wrap = NONE.with(Pad.MODE, "wrap");
    assertThat(Calls.evaluate(new Pad(), wrap, Calls.iota(3), Tensor.vector(4, 1)).toLongs())
        .containsExactly(2, 0, 1, 2, 0, 1, 2, 0);
  }

  @Test
  void padsOfNothingAreConstantOnly() {
    Tensor value = Tensor.scalar(ElementType.INT64, 7);
    assertThat(Calls.evaluate(new Pad(), NONE, Calls.iota(0), Tensor.vector(1, 1), value).toLongs())
        .containsExactly(7, 7);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Calls.evaluate(
                    new Pad(), NONE.with(Pad.MODE, "edge"), Calls.iota(0), Tensor.vector(1, 0)));
  }

  @Test
  void negativePadsTakeAway() {
    assertThat(
            Calls.evaluate(
                    new Pad(), NONE, Calls.iota(5), Tensor.vector(-1, -2), null, Tensor.vector(-1))
                .toLongs())
        .containsExactly(1, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Calls.evaluate(new Pad(), NONE, Calls.iota(2), Tensor.vector(-1, -2)));
  }

  @Test
  void fourBitAndStringPadsUseTheirOwnConstant() {
    Tensor data = Tensor.ofLongs(ElementType.INT4, Shape.of(3), -8, 7, -1);
    Tensor value = Tensor.scalar(ElementType.INT4, 5);
    assertThat(Calls.evaluate(new Pad(), NONE, data, Tensor.vector(1, 1), value))
        .isEqualTo(Tensor.ofLongs(ElementType.INT4, Shape.of(5), 5, -8, 7, -1, 5));
    Tensor words = Tensor.ofStrings(Shape.of(1), List.of("a"));
    Tensor word = Tensor.ofStrings(Shape.SCALAR, List.of("z"));
    assertThat(Calls.evaluate(new Pad(), NONE, words, Tensor.vector(0, 1), word).strings())
        .containsExactly("a", "z");
  }

  @Test
  void emptyAxesStayEmpty() {
    assertThat(Calls.evaluate(new Transpose(), NONE, Calls.iota(0, 3)).shape())
        .isEqualTo(Shape.of(3, 0));
    assertThat(Calls.evaluate(new Gather(), NONE, Calls.iota(3, 2), Tensor.vector()).shape())
        .isEqualTo(Shape.of(0, 2));
    assertThat(Calls.evaluate(new Tile(), NONE, Calls.iota(2), Tensor.vector(0)).shape())
        .isEqualTo(Shape.of(0));
    assertThat(
            Calls.evaluate(new TopK(), NONE, 2, Calls.iota(2, 3), Tensor.vector(0))
                .getFirst()
                .shape())
        .isEqualTo(Shape.of(2, 0));
    assertThat(Calls.evaluate(new Expand(), NONE, Calls.iota(1, 2), Tensor.vector(0, 1)).shape())
        .isEqualTo(Shape.of(0, 2));
    assertThat(Calls.evaluate(new NonZero(), NONE, Calls.iota(1, 0)).shape())
        .isEqualTo(Shape.of(2, 0));
  }

  @Test
  void equalElementsAreTakenInTheirOrder() {
    Tensor x = Tensor.ofFloats(Shape.of(5), 1, 3, 3, 0, 3);
    List<Tensor> top = Calls.evaluate(new TopK(), NONE, 2, x, Tensor.vector(2));
    assertThat(top.get(0).toFloats()).containsExactly(3, 3);
    assertThat(top.get(1).toLongs()).containsExactly(1, 2);
    List<Tensor> least =
        Calls.evaluate(new TopK(), NONE.with(TopK.LARGEST, 0L), 2, x, Tensor.vector(3));
    assertThat(least.get(1).toLongs()).containsExactly(3, 0, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Calls.evaluate(new TopK(), NONE, 2, x, Tensor.vector(6)));
  }

  @Test
  void unsignedNumbersAreOrderedAsUnsigned() {
    Tensor x = Tensor.ofLongs(ElementType.UINT64, Shape.of(3), 1, -1, 5);
    List<Tensor> top = Calls.evaluate(new TopK(), NONE, 2, x, Tensor.vector(1));
    assertThat(top.get(1).toLongs()).containsExactly(1);
  }

  @Test
  void laterUpdatesOfTheSameElementWin() {
    Tensor indices = Tensor.vector(1, -3, 1);
    Tensor updates = Tensor.vector(10, 20, 30);
    assertThat(
            Calls.evaluate(new ScatterElements(), NONE, Calls.iota(4), indices, updates).toLongs())
        .containsExactly(0, 30, 2, 3);
    var add = NONE.with(ScatterElements.REDUCTION, "add");
    assertThat(
            Calls.evaluate(new ScatterElements(), add, Calls.iota(4), indices, updates).toLongs())
        .containsExactly(0, 61, 2, 3);
  }

  @Test
  void indicesOutOfRangeAreRefusedOrOff() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Calls.evaluate(
                    new ScatterElements(),
                    NONE,
                    Calls.iota(2),
                    Tensor.vector(2),
                    Tensor.vector(0)));
    Tensor depth = Tensor.scalar(ElementType.INT64, 2);
    Tensor values = Tensor.vector(0, 1);
    assertThat(
            Calls.evaluate(new OneHot(), NONE, Tensor.vector(-3, -2, 1, 2), depth, values)
                .toLongs())
        .containsExactly(0, 0, 1, 0, 0, 1, 0, 0);
  }

  @Test
  void rangesCountDownAndEndEarly() {
    assertThat(range(ElementType.INT32, 5, 0, -2)).containsExactly(5, 3, 1);
    assertThat(range(ElementType.INT64, 3, 3, 1)).isEmpty();
    assertThat(range(ElementType.INT64, 0, 5, -1)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> range(ElementType.INT64, 0, 5, 0));
  }

  private static long[] range(ElementType type, double start, double limit, double delta) {
    return Calls.evaluate(
            new RangeOperator(),
            NONE,
            Tensor.scalar(type, start),
            Tensor.scalar(type, limit),
            Tensor.scalar(type, delta))
        .toLongs();
  }

  @Test
  void differentElementsKeepTheOrderOfTheirFirstOccurrence() {
    Tensor x = Tensor.ofFloats(Shape.of(5), 2, 1, 2, 0, 1);
    List<Tensor> unique = Calls.evaluate(new Unique(), NONE.with(Unique.SORTED, 0L), 4, x);
    assertThat(unique.get(0).toFloats()).containsExactly(2, 1, 0);
    assertThat(unique.get(1).toLongs()).containsExactly(0, 1, 3);
    assertThat(unique.get(2).toLongs()).containsExactly(0, 1, 0, 2, 1);
    assertThat(unique.get(3).toLongs()).containsExactly(2, 2, 1);
  }

  @Test
  void theEyeFollowsItsDiagonal() {
    var above = NONE.with(EyeLike.K, 1L).with(EyeLike.DTYPE, (long) ElementType.BOOL.code());
    assertThat(Calls.evaluate(new EyeLike(), above, Calls.iota(2, 3)))
        .isEqualTo(Tensor.ofLongs(ElementType.BOOL, Shape.of(2, 3), 0, 1, 0, 0, 0, 1));
  }

  @Test
  void randomOperatorsSayTheirTypeAndAreNotEvaluated() {
    var attributes = NONE.with(RandomNormal.SHAPE, List.of(2L, 3L));
    var call = OpCall.of(attributes, List.of(), List.of(), List.of(), 1);
    assertThat(new RandomNormal().inferTypes(call).getFirst().toString()).isEqualTo("float[2,3]");
    assertThat(new RandomNormal().isDeterministic()).isFalse();
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> new RandomNormal().evaluate(call));
  }
}
