package dev.fixpoint.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.onnx.OnnxWriteOptions;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.pass.DifferentialCheck;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators that an opset lacks, said in those that it has. */
class SpellOutTest {
  private final DifferentialCheck check = new DifferentialCheck(5, 1);
  private final Compiler compiler =
      new Compiler(
          CompilerOptions.DEFAULT
              .withInputRanges(Map.of("x", Range.of(-2, 2), "mask", Range.of(-3, 0)))
              .withObservers(List.of(check)));

  private static Graph graph(String call) {
    return OnnxTextReader.read(
        "newer",
        """
        <ir_version: 10, opset_import: ["": 24]>
        newer (float[2,3,4] x) => (y)
          <float[4] s = {0.5, -1, 2, 1}, float[4] b = {1, 2, 3, 4},
           float[3,4] t = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}> {
          y = %s
        }
        """
            .formatted(call));
  }

  private static byte[] written(Graph graph, int opset) {
    return OnnxWriter.toBytes(
        graph,
        OnnxWriteOptions.DEFAULT.withOperators(OnnxWriteOptions.Operators.KEPT).withOpset(opset));
  }

  private static Tensor evaluate(Graph graph, Tensor x) {
    Tensor y = new ReferenceInterpreter().prepare(graph).evaluate(Map.of("x", x)).get("y");
    assertThat(y).isNotNull();
    return y;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LayerNormalization(x, s, b)             | 17 | 16",
        "LayerNormalization <axis = -2> (x, t)   | 17 | 11",
        "Gelu(x)                                 | 20 | 13",
        "Gelu <approximate = \"tanh\"> (x)       | 20 | 12",
        "HardSwish(x)                            | 14 | 13",
        "Swish(x)                                | 24 | 21",
        "Mish(x)                                 | 18 | 11",
        "Softmax <axis = 1> (x)                  | 13 | 11"
      })
  void anOperatorIsSpelledOutBelowTheOpsetThatHasIt(String call, int since, int older) {
    Graph graph = graph(call);
    String operator = graph.nodes().getFirst().opId().name();
    Tensor x =
        Tensor.ofDoubles(
            ElementType.FLOAT, Shape.of(2, 3, 4), new Random(7).doubles(24, -2, 2).toArray());

    assertThatThrownBy(() -> written(graph, older))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("cannot be said in opset " + older);
    Graph spelled = compiler.spellOut(graph, older).graph();
    Graph read = OnnxReader.read(written(spelled, older));

    assertThat(compiler.spellOut(graph, since).graph()).isSameAs(graph);
    assertThat(check.checked()).isNotEmpty();
    assertThat(spelled.nodes())
        .extracting(node -> node.opId().name())
        .doesNotContain(operator)
        .hasSizeGreaterThan(1);
    assertThat(evaluate(read, x)).isEqualTo(evaluate(spelled, x));
  }

  @Test
  void anAttentionIsSpelledOutWithItsMask() {
    Graph graph =
        OnnxTextReader.read(
            "attention",
            """
            <ir_version: 10, opset_import: ["": 23]>
            g (float[1,2,3,4] x, float[1,2,3,3] mask) => (y) {
              y = Attention <scale = 0.25> (x, x, x, mask)
            }
            """);

    Graph spelled = compiler.spellOut(graph, 20).graph();

    assertThat(spelled.nodes())
        .extracting(Node::opId)
        .asString()
        .isEqualTo("[Transpose, MatMul, Mul, Add, Softmax, MatMul]");
    assertThat(written(spelled, 20)).isNotEmpty();
  }
}
