package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Affine;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Known entries of tensors that describe shapes, followed through the operators that move them. */
class KnownEntriesTest {
  private static final Attributes NONE = Attributes.NONE;

  /** The vector N, 4, ?, 7. */
  private static final ShapeValue SHAPE =
      ShapeValue.vector(
          new ArrayList<>(Arrays.asList(Affine.of("N"), Affine.of(4), null, Affine.of(7))));

  private static String entries(OpDefinition op, Attributes attributes, @Nullable Tensor... more) {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> tensors = new ArrayList<>();
    List<@Nullable ShapeValue> values = new ArrayList<>();
    types.add(TensorType.of(ElementType.INT64, 4));
    tensors.add(null);
    values.add(SHAPE);
    for (Tensor tensor : more) {
      types.add(tensor == null ? null : tensor.type());
      tensors.add(tensor);
      values.add(tensor == null ? null : ShapeValue.ofTensor(tensor));
    }
    ShapeValue value = op.shapeValue(OpCall.of(attributes, types, tensors, values, 1));
    return value == null ? "unknown" : (value.scalar() ? "scalar " : "") + value.entries();
  }

  @Test
  void entriesMoveWithTheirElements() {
    Tensor zero = Tensor.scalar(ElementType.INT64, 0);
    assertThat(entries(new Gather(), NONE, Tensor.vector(3, 0))).isEqualTo("[7, N]");
    assertThat(entries(new Gather(), NONE, zero)).isEqualTo("scalar [N]");
    assertThat(
            entries(
                new Slice(), NONE, Tensor.vector(-1), Tensor.vector(0), null, Tensor.vector(-2)))
        .isEqualTo("[7, 4]");
    assertThat(entries(new Split(), NONE, Tensor.vector(4))).isEqualTo("[N, 4, null, 7]");
    assertThat(entries(new Tile(), NONE, Tensor.vector(2)))
        .isEqualTo("[N, 4, null, 7, N, 4, null, 7]");
    assertThat(entries(new Pad(), NONE, Tensor.vector(1, 0))).isEqualTo("[null, N, 4, null, 7]");
    assertThat(entries(new Reshape(), NONE, Tensor.vector(-1))).isEqualTo("[N, 4, null, 7]");
    assertThat(entries(new Transpose(), NONE)).isEqualTo("[N, 4, null, 7]");
  }

  @Test
  void matricesAndLongVectorsAreNotFollowed() {
    assertThat(entries(new Reshape(), NONE, Tensor.vector(2, 2))).isEqualTo("unknown");
    assertThat(entries(new Unsqueeze(), NONE, Tensor.vector(0))).isEqualTo("unknown");
    assertThat(entries(new Tile(), NONE, Tensor.vector(1_000_000_000))).isEqualTo("unknown");
  }

  @Test
  void joinedEntriesKeepUnknownOnesBetween() {
    assertThat(entries(new Concat(), NONE.with(Concat.AXIS, 0L), Tensor.vector(5)))
        .isEqualTo("[N, 4, null, 7, 5]");
  }

  @Test
  void shapesAndSizesAreKnownBySymbols() {
    TensorType type =
        new TensorType(
            ElementType.FLOAT,
            Shape.of(List.of(Dimension.of("N"), Dimension.of(3), Dimension.of(5))));
    OpCall call = OpCall.of(NONE, List.of(type), List.of(), List.of(), 1);
    ShapeValue size = new Size().shapeValue(call);
    assertThat(size).isEqualTo(ShapeValue.ofScalar(Affine.of("N").times(15)));
    OpCall tail =
        OpCall.of(
            NONE.with(ShapeOperator.START, -2L).with(ShapeOperator.END, 99L),
            List.of(type),
            List.of(),
            List.of(),
            1);
    assertThat(new ShapeOperator().shapeValue(tail))
        .isEqualTo(ShapeValue.vector(List.of(Affine.of(3), Affine.of(5))));
  }

  @Test
  void filledVectorsAndRangesAreKnown() {
    Tensor length = Tensor.vector(3);
    OpCall ones =
        OpCall.ofTensors(NONE.with(ConstantOfShape.VALUE, Tensor.vector(1)), List.of(length), 1);
    assertThat(new ConstantOfShape().shapeValue(ones))
        .isEqualTo(ShapeValue.vector(List.of(Affine.of(1), Affine.of(1), Affine.of(1))));
    OpCall counting =
        OpCall.ofTensors(
            NONE,
            List.of(
                Tensor.scalar(ElementType.INT64, 1),
                Tensor.scalar(ElementType.INT64, 6),
                Tensor.scalar(ElementType.INT64, 2)),
            1);
    assertThat(new RangeOperator().shapeValue(counting))
        .isEqualTo(ShapeValue.vector(List.of(Affine.of(1), Affine.of(3), Affine.of(5))));
  }
}
