package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SymbolicShapeTest {
  private static final Dimension N = Dimension.of("N");

  private static TensorType floats(Dimension... dimensions) {
    return new TensorType(ElementType.FLOAT, Shape.of(List.of(dimensions)));
  }

  @Test
  void shapeArithmeticFoldsWithASymbolicBatch() {
    var graph = new GraphBuilder("g");
    Value x = graph.input("x", floats(N, Dimension.of(197), Dimension.of(64)));
    Value shape = graph.call("shape", new ShapeOperator(), Attributes.NONE, x);
    Value zero = graph.constant("zero", Tensor.scalar(ElementType.INT64, 0));
    Value axis = graph.constant("axis", Tensor.vector(0));
    Value batch = graph.call("batch", new Gather(), Attributes.NONE, shape, zero);
    Value row = graph.call("row", new Unsqueeze(), Attributes.NONE, batch, axis);
    Value rest = graph.constant("rest", Tensor.vector(197, 4, 16));
    Value target =
        graph.call("target", new Concat(), Attributes.NONE.with(Concat.AXIS, 0L), row, rest);
    Value heads = graph.call("heads", new Reshape(), Attributes.NONE, x, target);
    var built = graph.output(heads).build();

    assertThat(built.type(heads).toString()).isEqualTo("float[N,197,4,16]");
    Node node = built.findNode("heads").orElseThrow();
    OpCall call = TypeInference.call(built, node);
    assertThat(Reshape.numericShape(call)).containsExactly(0, 197, 4, 16);
  }

  @Test
  void aBatchThatMovesToAnotherPlaceIsInferred() {
    var graph = new GraphBuilder("g");
    Value x = graph.input("x", floats(Dimension.of(3), N));
    Value shape = graph.call("shape", new ShapeOperator(), Attributes.NONE, x);
    Value last = graph.constant("last", Tensor.vector(-1));
    Value batch = graph.call("batch", new Gather(), Attributes.NONE, shape, last);
    Value three = graph.constant("three", Tensor.vector(3));
    Value target =
        graph.call("target", new Concat(), Attributes.NONE.with(Concat.AXIS, 0L), batch, three);
    Value y = graph.call("y", new Reshape(), Attributes.NONE, x, target);
    var built = graph.output(y).build();

    assertThat(built.type(y).toString()).isEqualTo("float[N,3]");
    OpCall call = TypeInference.call(built, built.findNode("y").orElseThrow());
    assertThat(Reshape.numericShape(call)).containsExactly(-1, 3);
  }

  @Test
  void minusOneTakesWhatSymbolsLeave() {
    assertThat(reshaped(floats(N, Dimension.of(4), Dimension.of(6)), 0, -1))
        .isEqualTo("float[N,24]");
    assertThat(reshaped(floats(N, Dimension.of(4), Dimension.of(6)), -1, 8))
        .isEqualTo("float[3*N,8]");
    assertThat(reshaped(floats(N, Dimension.of(4)), -1, 3)).isEqualTo("float[?,3]");
    assertThat(reshaped(floats(N, Dimension.of("M")), -1)).isEqualTo("float[?]");
    assertThat(reshaped(floats(N, Dimension.of("M"), Dimension.of(5)), 0, 0, -1))
        .isEqualTo("float[N,M,5]");
  }

  private static String reshaped(TensorType data, long... shape) {
    Tensor target = Tensor.vector(shape);
    OpCall call =
        OpCall.of(
            Attributes.NONE,
            Arrays.asList(data, target.type()),
            Arrays.asList(null, target),
            List.of(),
            1);
    return new Reshape().inferTypes(call).getFirst().toString();
  }

  @Test
  void namesSpellExpressions() {
    assertThat(Affine.of("2*N + T + -3")).isEqualTo(new Affine(-3, Map.of("N", 2L, "T", 1L)));
    for (String name : List.of("batch size", "12", "N+", "2*", "a*b", "x + ", "(", "N*2")) {
      assertThat(Affine.of(name)).isEqualTo(new Affine(0, Map.of(name, 1L)));
      Affine tripled = Affine.of(name).times(3);
      assertThat(tripled.toString()).startsWith("3*").contains(name);
    }
    assertThat(Affine.of("3*(batch size)")).isEqualTo(Affine.of("batch size").times(3));
  }

  @Test
  void aMultipleOfASumDoesNotReadLikeASumWithAMultiple() {
    Dimension sum = new Affine(1, Map.of("N", 2L)).dimension();
    Dimension tripled = Axes.times(sum, 3);
    Dimension other = new Affine(1, Map.of("N", 6L)).dimension();

    assertThat(tripled.toString()).isEqualTo("6*N + 3");
    assertThat(tripled).isNotEqualTo(other);
  }

  @Test
  void aSliceOfASymbolicAxisIsKnownOnlyWhereItTakesAll() {
    TensorType data = floats(N, Dimension.of(8));
    assertThat(sliced(data, 0, 0, Long.MAX_VALUE, 1)).isEqualTo("float[N,8]");
    assertThat(sliced(data, 0, -1, Long.MIN_VALUE, -1)).isEqualTo("float[N,8]");
    assertThat(sliced(data, 0, 1, Long.MAX_VALUE, 1)).isEqualTo("float[?,8]");
    assertThat(sliced(data, 1, 1, Long.MAX_VALUE, 3)).isEqualTo("float[N,3]");
  }

  private static String sliced(TensorType data, long axis, long start, long end, long step) {
    List<Tensor> more =
        List.of(Tensor.vector(start), Tensor.vector(end), Tensor.vector(axis), Tensor.vector(step));
    var types = new ArrayList<TensorType>(List.of(data));
    var tensors = new ArrayList<Tensor>();
    tensors.add(null);
    for (Tensor tensor : more) {
      types.add(tensor.type());
      tensors.add(tensor);
    }
    OpCall call = OpCall.of(Attributes.NONE, types, tensors, List.of(), 1);
    return new Slice().inferTypes(call).getFirst().toString();
  }

  @Test
  void concatAddsSymbols() {
    var call =
        OpCall.of(
            Attributes.NONE.with(Concat.AXIS, 1L),
            List.of(floats(N, Dimension.of("T")), floats(N, Dimension.of(1))),
            List.of(),
            List.of(),
            1);
    assertThat(new Concat().inferTypes(call).getFirst().toString()).isEqualTo("float[N,T + 1]");
  }

  @Test
  void squeezingAllOfASymbolicShapeIsNotGuessed() {
    var call =
        OpCall.of(Attributes.NONE, List.of(floats(N, Dimension.of(1))), List.of(), List.of(), 1);
    assertThat(new Squeeze().inferTypes(call).getFirst().shape()).isEqualTo(Shape.UNRANKED);
  }
}
