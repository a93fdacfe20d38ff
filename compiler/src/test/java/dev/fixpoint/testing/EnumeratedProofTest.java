package dev.fixpoint.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.transform.StandardPipelines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every 8-bit input of the lowered elementwise operators, and what the algebra of steps says. */
class EnumeratedProofTest {
  private static Graph graph(String text) {
    return OnnxTextReader.read("text", text);
  }

  private static Graph lowered(Graph graph) {
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of());
    return new PassManager(StandardPipelines.lowering(), List.of()).run(graph, context);
  }

  private static Graph function(String type, int zero, String call) {
    return graph(
        "g ("
            + type
            + "[N] q) => ("
            + type
            + "[N] y) <float s = {0.047}, "
            + type
            + " z = {"
            + zero
            + "}, float t = {0.031}, "
            + type
            + " u = {"
            + (zero + 3)
            + "}, float low = {-0.5}, float high = {3.0}>"
            + " { x = DequantizeLinear(q, s, z) f = "
            + call
            + " y = QuantizeLinear(f, t, u) }");
  }

  private static String names(Graph graph) {
    return graph.nodes().stream().map(Node::opId).toList().toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Relu(x)",
        "Clip(x, low, high)",
        "LeakyRelu <alpha = 0.125> (x)",
        "Sigmoid(x)",
        "Tanh(x)",
        "HardSwish(x)",
        "HardSigmoid(x)"
      })
  void aLoweredFunctionHasTheSameBitsForAll256Inputs(String call) {
    for (Graph before : List.of(function("uint8", 121, call), function("int8", -7, call))) {
      Graph after = lowered(before);
      assertThat(names(after)).doesNotContain("DequantizeLinear");
      assertThat(EnumeratedProof.ofEquality().check(before, after)).isEqualTo(256);
    }
  }

  @ParameterizedTest
  @CsvSource({"Add, QAdd", "Mul, QMul"})
  void aLoweredSumOrProductIsAtMostAStepOffForAll65536Pairs(String op, String lowered) {
    Graph before =
        graph(
            """
            g (uint8[N] a, uint8[N] b) => (uint8[N] y)
              <float sa = {0.047}, uint8 za = {121}, float sb = {0.031}, uint8 zb = {3},
               float sy = {0.083}, uint8 zy = {130}> {
              x = DequantizeLinear(a, sa, za)
              z = DequantizeLinear(b, sb, zb)
              f = %s(x, z)
              y = QuantizeLinear(f, sy, zy)
            }
            """
                .formatted(op));
    Graph after = lowered(before);
    assertThat(names(after)).contains(lowered).doesNotContain("DequantizeLinear");
    assertThat(EnumeratedProof.ofSteps(1).check(before, after)).isEqualTo(65_536);
  }

  @Test
  void quantizingWhatWasDequantizedWithTheSameParametersIsTheIdentity() {
    Graph before =
        graph(
            """
            g (int8[N] q) => (int8[N] y) <float s = {0.0371}, int8 z = {-5}> {
              x = DequantizeLinear(q, s, z)
              y = QuantizeLinear(x, s, z)
            }
            """);
    Graph after = graph("g (int8[N] q) => (int8[N] y) { y = Identity(q) }");
    assertThat(EnumeratedProof.ofEquality().check(before, after)).isEqualTo(256);
  }

  @Test
  void aWrongTableIsFoundByTheInputThatItIsWrongFor() {
    Graph right = graph("g (int8[N] q) => (int8[N] y) { y = Identity(q) }");
    Graph wrong =
        graph(
            """
            g (int8[N] q) => (int8[N] y) <int8 low = {-127}> { y = Max(q, low) }
            """);
    assertThatThrownBy(() -> EnumeratedProof.ofEquality().check(right, wrong))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("q = -128");
    assertThat(EnumeratedProof.ofSteps(1).check(right, wrong)).isEqualTo(256);
  }

  @Test
  void widerInputsAreRefused() {
    Graph wide = graph("g (int16[N] q) => (int16[N] y) { y = Identity(q) }");
    assertThatThrownBy(() -> EnumeratedProof.ofEquality().check(wide, wide))
        .hasMessageContaining("int16");
  }
}
