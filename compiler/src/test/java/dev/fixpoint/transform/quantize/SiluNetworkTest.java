package dev.fixpoint.transform.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A network of x * Sigmoid(x) behind convolution and Gemm, from the file to integer operators. */
class SiluNetworkTest {
  private static final String NETWORK =
      """
      <ir_version: 10, opset_import: ["": 21]>
      silu (float[1,2,4,4] x) => (y)
      <float[3,2,1,1] w = {0.5, -1, 0.25, 2, -0.75, 1}, float[3] b = {0.1, -0.2, 0.3},
       float[48,2] m = {%s}> {
        t = Conv(x, w, b)
        s = Sigmoid(t)
        u = Mul(t, s)
        f = Flatten(u)
        g = Gemm(f, m)
        r = Sigmoid(g)
        y = Mul(r, g)
      }
      """
          .formatted(
              IntStream.range(0, 96)
                  .mapToObj(i -> String.valueOf((i * 37 % 19 - 9) / 16.0))
                  .collect(Collectors.joining(", ")));

  private static final Compiler COMPILER =
      new Compiler(CompilerOptions.DEFAULT.withInputRanges(Map.of("x", Range.of(-1, 1))));

  private static List<String> operators(Graph graph) {
    return graph.nodes().stream().map(node -> node.opId().toString()).toList();
  }

  private static List<String> activations(Graph graph) {
    return graph.nodes().stream().map(node -> node.get(Activation.KIND)).toList();
  }

  @Test
  void siluBecomesTheActivationOfItsConvolutionAndGemm() {
    Graph optimized = COMPILER.optimize(OnnxTextReader.read("silu", NETWORK)).graph();

    assertThat(operators(optimized))
        .containsExactly("dev.fixpoint.FusedConv", "Flatten", "dev.fixpoint.FusedGemm");
    assertThat(activations(optimized)).containsExactly("Swish", "", "Swish");
  }

  @Test
  void itIsPartOfTheIntegerOperatorsAlsoByWayOfAFile() {
    Tensor x = Quantization.random(3, 1, 1, 2, 4, 4);
    Graph fake =
        COMPILER.quantize(OnnxTextReader.read("silu", NETWORK), List.of(Map.of("x", x))).graph();
    Graph lowered = COMPILER.lower(fake).graph();
    byte[] file = OnnxWriter.toBytes(fake);
    Graph again = COMPILER.lower(OnnxReader.read(file)).graph();

    assertThat(operators(lowered))
        .containsExactly("QuantizeLinear", "dev.fixpoint.QConv", "Flatten", "dev.fixpoint.QGemm");
    assertThat(activations(lowered)).containsExactly("", "Swish", "", "Swish");
    assertThat(operators(OnnxReader.read(file))).contains("Sigmoid", "Mul").doesNotContain("Swish");
    assertThat(OnnxReader.read(file).opset("")).isEqualTo(21);
    assertThat(operators(again)).isEqualTo(operators(lowered));
    assertThat(Quantization.evaluate(again, x)).isEqualTo(Quantization.evaluate(lowered, x));
  }
}
