package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataMovementTest {
  private static final Attributes NONE = Attributes.NONE;

  @Test
  void transposeMovesEveryElementType() {
    var perm = NONE.with(Transpose.PERM, List.of(1L, 0L));
    Shape from = Shape.of(2, 3);
    Shape to = Shape.of(3, 2);
    for (ElementType type : ElementType.values()) {
      if (type.bits() > 0 && type.bits() <= 64) {
        Tensor x = Tensor.ofBits(type, from, 0, 1, 2, 3, 1, 0);
        Tensor y = Tensor.ofBits(type, to, 0, 3, 1, 1, 2, 0);
        assertThat(Calls.evaluate(new Transpose(), perm, x)).isEqualTo(y);
      }
    }
    Tensor words = Tensor.ofStrings(from, List.of("a", "b", "c", "d", "e", "f"));
    assertThat(Calls.evaluate(new Transpose(), perm, words))
        .isEqualTo(Tensor.ofStrings(to, List.of("a", "d", "b", "e", "c", "f")));
  }

  @Test
  void signallingNansKeepTheirBits() {
    Tensor x = Tensor.ofBits(ElementType.FLOAT, Shape.of(2), 0x7f800001L, 0xff812345L);
    Tensor y = Tensor.ofBits(ElementType.FLOAT, Shape.of(2), 0xff812345L, 0x7f800001L);
    assertThat(Calls.evaluate(new Gather(), NONE, x, Tensor.vector(-1, 0))).isEqualTo(y);
  }

  @Test
  void sliceFollowsPythonAtTheBorders() {
    Tensor x = Calls.iota(5);
    assertThat(slice(x, 1, 1000, 1)).containsExactly(1, 2, 3, 4);
    assertThat(slice(x, -2, 1000, 1)).containsExactly(3, 4);
    assertThat(slice(x, -1000, -3, 1)).containsExactly(0, 1);
    assertThat(slice(x, 3, 1, 1)).isEmpty();
    assertThat(slice(x, 1000, Long.MIN_VALUE, -2)).containsExactly(4, 2, 0);
    assertThat(slice(x, -1, 0, -1)).containsExactly(4, 3, 2, 1);
    assertThat(slice(x, 3, -1, -1)).isEmpty();
    assertThat(slice(x, 0, Long.MAX_VALUE, 3)).containsExactly(0, 3);
    assertThat(slice(Calls.iota(0), 0, 4, 1)).isEmpty();
  }

  private static long[] slice(Tensor x, long start, long end, long step) {
    return Calls.evaluate(
            new Slice(),
            NONE,
            x,
            Tensor.vector(start),
            Tensor.vector(end),
            Tensor.vector(0),
            Tensor.vector(step))
        .toLongs();
  }

  @Test
  void reshapeCopiesZeroUnlessItIsASize() {
    Tensor x = Calls.iota(0, 3);
    Tensor target = Tensor.vector(3, 0);
    assertThat(Calls.evaluate(new Reshape(), NONE.with(Reshape.ALLOW_ZERO, 1L), x, target).shape())
        .isEqualTo(Shape.of(3, 0));
    assertThat(Calls.evaluate(new Reshape(), NONE, Calls.iota(2, 3), Tensor.vector(0, -1)).shape())
        .isEqualTo(Shape.of(2, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Calls.evaluate(new Reshape(), NONE, Calls.iota(2, 3), Tensor.vector(-1, 4)));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Calls.evaluate(new Reshape(), NONE, Calls.iota(2, 3), Tensor.vector(-1, -1)));
  }

  @Test
  void splitWithoutSizesMayLeaveASmallerLastPart() {
    var parts = NONE.with(Split.NUM_OUTPUTS, 4L).with(Split.AXIS, -1L);
    List<Tensor> cut = Calls.evaluate(new Split(), parts, 4, Calls.iota(1, 7));
    assertThat(cut.stream().map(Tensor::shape))
        .containsExactly(Shape.of(1, 2), Shape.of(1, 2), Shape.of(1, 2), Shape.of(1, 1));
    assertThat(cut.get(3).toLongs()).containsExactly(6);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Calls.evaluate(new Split(), NONE, 2, Calls.iota(7)));
  }

  @Test
  void concatTakesEmptyTensorsAndAnyAxis() {
    Tensor empty = Calls.iota(2, 0);
    Tensor joined =
        Calls.evaluate(
            new Concat(), NONE.with(Concat.AXIS, -1L), Calls.iota(2, 1), empty, Calls.iota(2, 2));
    assertThat(joined.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(joined.toLongs()).containsExactly(0, 0, 1, 1, 2, 3);
  }

  @Test
  void gatherReplacesTheAxisByThoseOfTheIndices() {
    Tensor indices = Tensor.ofLongs(ElementType.INT32, Shape.of(2, 1), -1, 0);
    Tensor y = Calls.evaluate(new Gather(), NONE.with(Gather.AXIS, 1L), Calls.iota(2, 3), indices);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 2, 1));
    assertThat(y.toLongs()).containsExactly(2, 0, 5, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Calls.evaluate(new Gather(), NONE, Calls.iota(3), Tensor.vector(3)));
  }

  @Test
  void flattenCountsAxesFromEitherEnd() {
    Tensor x = Calls.iota(2, 3, 4);
    assertThat(flattened(x, 0)).isEqualTo(Shape.of(1, 24));
    assertThat(flattened(x, 3)).isEqualTo(Shape.of(24, 1));
    assertThat(flattened(x, -1)).isEqualTo(Shape.of(6, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> flattened(x, 4));
  }

  private static Shape flattened(Tensor x, long axis) {
    return Calls.evaluate(new Flatten(), NONE.with(Flatten.AXIS, axis), x).shape();
  }

  @Test
  void channelRangesFollowTheirAxis() {
    Range channels =
        Range.perChannel(1, List.of(new Interval(0, 1), new Interval(2, 3), new Interval(4, 5)));
    TensorType image = TensorType.of(ElementType.FLOAT, 1, 3, 2, 1);
    OpCall transposed =
        OpCall.of(
            NONE.with(Transpose.PERM, List.of(0L, 2L, 3L, 1L)),
            List.of(image),
            List.of(),
            List.of(),
            1);
    Range moved = new Transpose().rangeTransfer(transposed, List.of(channels)).getFirst();
    assertThat(moved.spread()).isEqualTo(new Spread.Along(3, 3));

    OpCall flat = OpCall.of(NONE, List.of(image), List.of(), List.of(), 1);
    Range merged = new Flatten().rangeTransfer(flat, List.of(channels)).getFirst();
    assertThat(merged.intervals())
        .containsExactly(
            new Interval(0, 1),
            new Interval(0, 1),
            new Interval(2, 3),
            new Interval(2, 3),
            new Interval(4, 5),
            new Interval(4, 5));
  }

  @Test
  void joinedChannelsKeepTheirRanges() {
    TensorType image = TensorType.of(ElementType.FLOAT, 1, 2, 4);
    OpCall call =
        OpCall.of(NONE.with(Concat.AXIS, 1L), List.of(image, image), List.of(), List.of(), 1);
    Range first = Range.perChannel(1, List.of(new Interval(0, 1), new Interval(2, 3)));
    Range joined = new Concat().rangeTransfer(call, List.of(first, Range.of(-1, 7))).getFirst();
    assertThat(joined.intervals())
        .containsExactly(
            new Interval(0, 1), new Interval(2, 3), new Interval(-1, 7), new Interval(-1, 7));
  }

  @Test
  void elementErrorsFollowTheirElements() {
    Tensor indices = Tensor.vector(2, 0);
    OpCall call =
        OpCall.of(
            NONE,
            List.of(TensorType.of(ElementType.FLOAT, 3), indices.type()),
            Arrays.asList(null, indices),
            List.of(),
            1);
    ErrorBound moved =
        new Gather()
            .errorTransfer(
                call,
                List.of(Range.ALL, Range.ALL),
                List.of(ErrorBound.perElement(1, 2, 3), ErrorBound.EXACT))
            .getFirst();
    assertThat(moved.allowances()).containsExactly(3, 1);
  }

  @Test
  void movingIndicesMakeTheOutputUnbounded() {
    OpCall call =
        OpCall.of(
            NONE,
            List.of(TensorType.of(ElementType.FLOAT, 3), TensorType.of(ElementType.INT64, 1)),
            List.of(),
            List.of(),
            1);
    ErrorBound moved =
        new Gather()
            .errorTransfer(
                call,
                List.of(Range.ALL, Range.ALL),
                List.of(ErrorBound.EXACT, ErrorBound.uniform(1)))
            .getFirst();
    assertThat(moved.isBounded()).isFalse();
  }
}
