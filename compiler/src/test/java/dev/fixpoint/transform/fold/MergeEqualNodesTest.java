package dev.fixpoint.transform.fold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Common subexpressions and constants. */
class MergeEqualNodesTest {
  private static Graph merged(String text) {
    return merged(OnnxTextReader.read("graph", text));
  }

  private static Graph merged(Graph before) {
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of());
    Pipeline pipeline = Pipeline.builder().then(new MergeEqualNodes()).build();
    Graph after = new PassManager(pipeline, List.of()).run(before, context);
    assertThat(context.records())
        .extracting(RewriteRecord::bound)
        .allMatch(bound -> bound instanceof ErrorBound.Exact);
    return after;
  }

  private static List<String> operators(Graph graph) {
    return graph.nodes().stream().map(Node::opId).map(Object::toString).toList();
  }

  @Test
  void chainsOfEqualNodesBecomeOne() {
    Graph after =
        merged(
            """
            g (float[N] x) => (float[N] y) {
              a = Exp(x)
              b = Exp(x)
              c = Neg(a)
              d = Neg(b)
              y = Add(c, d)
            }
            """);

    assertThat(operators(after)).containsExactly("Exp", "Neg", "Add");
  }

  @Test
  void equalConstantsBecomeOneAndThenTheirReaders() {
    Graph after =
        merged(
            """
            g (float[2] x) => (float[2] y) <float[2] v = {1, 2}, float[2] w = {1, 2}> {
              a = Add(x, v)
              b = Add(x, w)
              y = Mul(a, b)
            }
            """);

    assertThat(operators(after)).containsExactly("Add", "Mul");
    assertThat(after.initializers()).hasSize(1);
  }

  @Test
  void constantsOfEqualNumbersButOtherBitsOrTypesStay() {
    Graph after =
        merged(
            """
            g (float[2] x) => (y, z) <
              float[2] zero = {0, 0}, float[2] negative = {-0.0, -0.0}, int64[2] s = {0, 0}
            > {
              a = Add(x, zero)
              y = Add(a, negative)
              z = Add(s, s)
            }
            """);

    assertThat(after.initializers()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = LeakyRelu <alpha = 0.1> (x) b = LeakyRelu <alpha = 0.2> (x)",
        "a = Sub(x, z) b = Sub(z, x)",
        "a = Exp(x) b = Log(x)",
        "a = Clip(x, l) b = Clip(x, , l)",
        "a = RandomUniformLike(x) b = RandomUniformLike(x)",
        "a = my.Own(x) b = my.Own(x)",
      })
  void nodesThatDifferOrAreRandomOrUnknownStay(String nodes) {
    String text =
        """
        <ir_version: 10, opset_import: ["" : 21, "my" : 1]>
        g (float[2] x, float[2] z) => (y) <float l = {0.5}> { %s y = Concat <axis = 0> (a, b) }
        """
            .formatted(nodes);

    assertThat(merged(text).nodes()).hasSize(3);
  }

  @Test
  void aNodeThatMakesAnOutputStays() {
    Graph after =
        merged(
            """
            g (float[N] x) => (float[N] y, float[N] z) { y = Exp(x) z = Exp(x) }
            """);

    assertThat(after.nodes()).hasSize(2);
  }

  @Test
  void aNodeWithFewerOutputsGivesWayToOneWithMore() {
    Graph after =
        merged(
            """
            g (float[1,1,4] x) => (y, i) {
              a, i = MaxPool <kernel_shape = [2]> (x)
              b = MaxPool <kernel_shape = [2]> (x)
              y = Add(a, b)
            }
            """);

    assertThat(operators(after)).containsExactly("MaxPool", "Add");
  }

  private static String branches(String first, String second) {
    return """
        g (float[2] x, bool c) => (float[2] y) {
          a = If <
            then_branch = yes () => (float[2] p) { p = Neg(x) },
            else_branch = no () => (float[2] q) { %s }
          > (c)
          b = If <
            then_branch = ja () => (float[2] u) { u = Neg(x) },
            else_branch = nein () => (float[2] v) { %s }
          > (c)
          y = Add(a, b)
        }
        """
        .formatted(first, second);
  }

  @Test
  void subgraphsAreComparedNodeByNode() {
    assertThat(operators(merged(branches("q = Exp(x)", "v = Exp(x)"))))
        .containsExactly("If", "Add");
    assertThat(merged(branches("q = Exp(x)", "v = Log(x)")).nodes()).hasSize(3);
    assertThat(merged(branches("q = RandomUniformLike(x)", "v = RandomUniformLike(x)")).nodes())
        .hasSize(3);
  }

  @Test
  void theResultComputesTheSame() {
    Graph before = OnnxTextReader.read("graph", branches("q = Exp(x)", "v = Exp(x)"));
    Map<String, Tensor> inputs =
        Map.of("x", Tensor.ofFloats(Shape.of(2), 1, 2), "c", Tensor.scalar(ElementType.BOOL, 0));

    assertThat(new ReferenceInterpreter().prepare(merged(before)).evaluate(inputs))
        .isEqualTo(new ReferenceInterpreter().prepare(before).evaluate(inputs));
  }
}
