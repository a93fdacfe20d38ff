package dev.fixpoint.ir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphDifferenceTest {
  private static final Attribute<Long> AXIS = Attribute.ofInt("axis");

  private static Graph graph(String op, long axis, float weight, String output) {
    GraphBuilder graph = new GraphBuilder("g");
    Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 2));
    Value w = graph.constant("w", Tensor.ofFloats(Shape.of(1), weight));
    Attributes attributes = Attributes.NONE.with(AXIS, axis);
    graph.output(graph.call(output, new OpaqueOp(OpId.of(op)), attributes, x, w));
    return graph.build();
  }

  private static final Graph BASE = graph("Odd", 1, 2, "y");

  private static String difference(Graph other) {
    return GraphDifference.between(BASE, other).orElse("none");
  }

  @Test
  void graphsBuiltAlikeAreTheSame() {
    assertThat(difference(graph("Odd", 1, 2, "y"))).isEqualTo("none");
  }

  @Test
  void theFirstDifferenceIsNamedWithItsPlace() {
    assertThat(difference(graph("Even", 1, 2, "y")))
        .isEqualTo("Odd node 'y': operator should be Odd, but is Even");
    assertThat(difference(graph("Odd", 0, 2, "y")))
        .isEqualTo(
            "Odd node 'y': attribute 'axis': value should be OfInt[value=1], but is"
                + " OfInt[value=0]");
    assertThat(difference(graph("Odd", 1, 3, "y")))
        .isEqualTo("constant 'w' should be float[1] {2.0}, but is float[1] {3.0}");
    assertThat(difference(graph("Odd", 1, 2, "z")))
        .isEqualTo("outputs should be [undefined[] y], but is [undefined[] z]");
    assertThat(difference(BASE.withInfo(ModelInfo.DEFAULT.withOpsets(Map.of("", 22L)))))
        .startsWith("model information should be ");
  }

  @Test
  void aDifferenceInASubgraphIsFound() {
    assertThat(GraphDifference.between(around(BASE), around(graph("Odd", 1, 3, "y"))))
        .hasValue(
            "If node 'o': attribute 'body': constant 'w' should be float[1] {2.0}, but is float[1]"
                + " {3.0}");
  }

  private static Graph around(Graph body) {
    GraphBuilder graph = new GraphBuilder("outer");
    Attributes attributes =
        Attributes.of(Map.of("body", new AttributeValue.OfGraph(new GraphBody(body))));
    List<Value> outputs = graph.call("o", new OpaqueOp(OpId.of("If")), attributes, List.of(), 1);
    return graph.output(outputs.getFirst()).build();
  }
}
