package dev.fixpoint.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.pass.RewritePass;
import dev.fixpoint.rulelang.RuleLoader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a wrong rewrite leaves behind: a graph from which nothing more can be taken. */
class PassTesterTest {
  private static final Pipeline WRONG =
      Pipeline.builder()
          .then(
              new RewritePass(
                  "wrong",
                  RuleLoader.STANDARD.load(
                      "wrong.rules",
                      """
                      rule drop-relu {
                        doc "relu(x) = x, which is not so"
                        match y = Relu(x)
                        replace y with x
                        within bit_exact
                      }
                      """)))
          .build();

  @Test
  void aBrokenPassIsShownOnASmallGraph() {
    PassTester tester = PassTester.of(List.of(StandardOps.RELU, StandardOps.CONV, StandardOps.ADD));

    assertThatThrownBy(() -> tester.check(WRONG))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the smallest graph found:")
        .hasMessageContaining("seed ")
        .message()
        .satisfies(
            text -> {
              Graph found =
                  OnnxTextReader.read(
                      "found", text.split("found:\n")[1].split("\n(where|becomes)")[0]);
              assertThat(found.nodes()).hasSize(1);
              assertThat(found.type(found.outputs().getFirst()).shape().elementCount())
                  .isEqualTo(1);
            });
  }

  @Test
  void aGraphLosesWhatDoesNotMatter() {
    Graph graph =
        OnnxTextReader.read(
            "large",
            """
            large (float[4,6] x, float[6] b) => (y, z) <float[6,6] w = {%s}> {
              t = MatMul(x, w)
              a = Add(t, b)
              y = Relu(a)
              z = Abs(a)
            }
            """
                .formatted("0.7, ".repeat(35) + "0.7"));

    Graph smallest =
        SmallestGraph.of(
            graph, g -> g.nodes().stream().anyMatch(n -> n.calls(StandardOps.MAT_MUL)));

    assertThat(smallest.nodes()).hasSize(1);
    assertThat(smallest.inputs()).hasSize(1);
    assertThat(smallest.initializers().values())
        .singleElement()
        .satisfies(w -> assertThat(w.toDoubles()).containsExactly(0));
  }
}
