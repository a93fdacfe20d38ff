package dev.fixpoint.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.ir.Evaluator.Evaluation;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReferenceInterpreterTest {
  private static Evaluation prepare(String text) {
    return new ReferenceInterpreter().prepare(OnnxTextReader.read("test", text));
  }

  @Test
  void aResultThatTheHeapCannotHoldIsRefusedBeforeMemoryIsTaken() {
    Evaluation evaluation =
        prepare("g (int64[3] s) => (float[a,b,c] y) { [huge] y = ConstantOfShape(s) }");

    assertThatThrownBy(
            () -> evaluation.evaluate(Map.of("s", Tensor.vector(1 << 20, 1 << 20, 1 << 20))))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "ConstantOfShape node 'huge': its output of type float[1048576,1048576,1048576] does"
                + " not fit the heap; give Java more memory (-Xmx) or the model smaller inputs");
  }

  @Test
  void aMissingInputIsNamed() {
    Evaluation evaluation = prepare("g (float[2] x) => (float[2] y) { y = Relu(x) }");

    assertThatThrownBy(() -> evaluation.evaluate(Map.of()))
        .isInstanceOf(ModelException.class)
        .hasMessage("input 'x' of type float[2] is not given");
  }

  @Test
  void tappedValuesAreHandedOverOnceEach() {
    Graph graph =
        OnnxTextReader.read("test", "g (float[2] x) => (float[2] y) { t = Neg(x) y = Relu(t) }");
    Set<Value> taps = Set.of(graph.find("t").orElseThrow());
    List<Tensor> seen = new ArrayList<>();

    new ReferenceInterpreter()
        .prepare(graph, taps)
        .evaluate(Map.of("x", Tensor.ofFloats(Shape.of(2), 1, -2)), (_, t) -> seen.add(t));

    assertThat(seen).containsExactly(Tensor.ofFloats(Shape.of(2), -1, 2));
  }

  @Test
  void subgraphsReadValuesFromOutside() {
    Evaluation evaluation =
        prepare(
            "g (bool c, float[2] x) => (float[2] y) { y = If <then_branch = t () => (float[2] u)"
                + " { u = Relu(x) }, else_branch = e () => (float[2] v) { v = Neg(x) }> (c) }");
    Tensor x = Tensor.ofFloats(Shape.of(2), 1, -2);
    Tensor yes = Tensor.ofLongs(ElementType.BOOL, Shape.SCALAR, 1);
    Tensor no = Tensor.ofLongs(ElementType.BOOL, Shape.SCALAR, 0);

    assertThat(evaluation.evaluate(Map.of("c", yes, "x", x)).get("y"))
        .isEqualTo(Tensor.ofFloats(Shape.of(2), 1, 0));
    assertThat(evaluation.evaluate(Map.of("c", no, "x", x)).get("y"))
        .isEqualTo(Tensor.ofFloats(Shape.of(2), -1, 2));
  }
}
