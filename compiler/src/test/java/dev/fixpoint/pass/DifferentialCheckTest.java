package dev.fixpoint.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.transform.StandardPipelines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferentialCheckTest {
  private static final String RELU =
      "<ir_version: 10, opset_import: [\"\" : 21]> g (float[N] x) => (float[N] y) { y = Relu(x) }";
  private static final String CHAIN =
      """
      <ir_version: 10, opset_import: ["" : 21]>
      g (float[N, 1, 3, 3] x) => (float[N, 1, 2, 2] y)
      < float[1, 1, 2, 2] w = {1, -2, 3, 0.5}, float[1] s = {0.7}, float[1] b = {0.1},
        float[1] m = {-0.3}, float[1] v = {2} > {
        c = Conv (x, w)
        n = BatchNormalization (c, s, b, m, v)
        y = Relu (n)
      }
      """;

  private static DifferentialCheck checked(String text, Pipeline pipeline) {
    DifferentialCheck check = new DifferentialCheck(20, 1);
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of("x", Range.of(-2, 2)));
    new PassManager(pipeline, List.of(check)).run(OnnxTextReader.read("test", text), context);
    return check;
  }

  private static Pass replacingRelu(ErrorContract contract) {
    Pass pass =
        (graph, context) ->
            context.rewrite(
                graph, rewriter -> graph.nodes().forEach(n -> abs(rewriter, n, contract)));
    return pass.named("relu-to-abs");
  }

  private static void abs(Rewriter rewriter, Node node, ErrorContract contract) {
    rewriter.replace(
        "relu-to-abs",
        List.of(node),
        build -> build.define(node.output(), StandardOps.ABS, Attributes.NONE, node.input(0)),
        contract);
  }

  @Test
  void rewritesOfTheStandardPipelineKeepTheirPromise() {
    DifferentialCheck check = checked(CHAIN, StandardPipelines.floatOptimizations());

    assertThat(check.unchecked()).isEmpty();
    assertThat(check.checked())
        .extracting(DifferentialCheck.Checked::rewrite)
        .containsExactly("fold-batch-norm-into-conv", "fuse-conv-activation");
    assertThat(check.checked().getFirst().ratio()).isGreaterThan(0).isLessThanOrEqualTo(1);
  }

  @Test
  void falsePromiseIsFoundWithTheNodesAndTheInputs() {
    Pipeline pipeline = Pipeline.builder().then(replacingRelu(ErrorContract.bitExact())).build();

    assertThatThrownBy(() -> checked(RELU, pipeline))
        .isInstanceOfSatisfying(
            BrokenPromiseException.class,
            e -> {
              assertThat(e.record().rewrite()).isEqualTo("relu-to-abs");
              assertThat(e.neighbourhood().after().nodes())
                  .extracting(node -> node.opId().name())
                  .containsExactly("Abs");
              assertThat(e.inputs()).containsOnlyKeys("x");
            })
        .hasMessageStartingWith(
            "rewrite 'relu-to-abs' at Relu node that makes 'y' breaks its contract bit_exact: 'y': exceeded");
  }

  @Test
  void wideEnoughPromiseHolds() {
    ErrorContract apart =
        ErrorContract.custom(
            "magnitude",
            site ->
                ErrorBound.uniform(
                    site.ranges().apply(site.nodes().getFirst().input(0)).magnitude()));
    Graph graph = OnnxTextReader.read("test", RELU);

    DifferentialCheck check = checked(RELU, Pipeline.builder().then(replacingRelu(apart)).build());

    assertThat(graph.nodes()).hasSize(1);
    // At the corner of the range, x = -2, the difference is all that is declared.
    assertThat(check.checked()).singleElement().satisfies(c -> assertThat(c.ratio()).isEqualTo(1));
  }

  @Test
  void whatCannotBeCutOutIsListed() {
    String text =
        """
        <ir_version: 10, opset_import: ["" : 21]>
        g (float[N, 4] x) => (y) { r = NonZero (x)  f = Cast <to = 1> (r)  y = Relu (f) }
        """;
    Pass pass =
        (graph, context) ->
            context.rewrite(
                graph,
                rewriter -> abs(rewriter, graph.nodes().getLast(), ErrorContract.bitExact()));

    DifferentialCheck check =
        checked(text, Pipeline.builder().then(pass.named("relu-to-abs")).build());

    assertThat(check.checked()).isEmpty();
    assertThat(check.unchecked())
        .singleElement()
        .satisfies(u -> assertThat(u.reason()).isEqualTo("the shape of 'f' is not known"));
  }
}
