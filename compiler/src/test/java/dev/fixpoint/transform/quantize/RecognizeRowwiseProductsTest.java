package dev.fixpoint.transform.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that spell a range for each row out come back as the operator, with the same bits. */
class RecognizeRowwiseProductsTest {
  private static final OpId PRODUCT = QuantOps.DYNAMIC_Q_MAT_MUL.id();

  /** Two products of one input, the first with a bias and an activation. */
  private static Graph products(boolean zeroPoints) {
    GraphBuilder g = new GraphBuilder("rows");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 2, 3, 7));
    Value bias = g.constant("bias", Quantization.random(5, 1, 4));
    Value y = product(g, "y", x, zeroPoints, bias, new Activation.Relu());
    Value z = product(g, "z", x, !zeroPoints, null, Activation.NONE);
    return g.output(y).output(z).build();
  }

  private static Value product(
      GraphBuilder g,
      String name,
      Value x,
      boolean zeroPoints,
      @Nullable Value bias,
      Activation activation) {
    long[] integers = new Random(name.charAt(0)).longs(28, -128, 128).toArray();
    Value b = g.constant(name + "_b", Tensor.ofLongs(ElementType.INT8, Shape.of(7, 4), integers));
    Value scale = g.constant(name + "_scale", Tensor.ofFloats(Shape.of(4), 0.5f, 0.25f, 3, 0.1f));
    Value zero =
        zeroPoints
            ? g.constant(
                name + "_zero", Tensor.ofLongs(ElementType.INT8, Shape.of(4), -128, 0, 7, 127))
            : null;
    Attributes attributes = activation.addTo(Attributes.NONE);
    return g.call(name, QuantOps.DYNAMIC_Q_MAT_MUL, attributes, x, b, scale, zero, bias);
  }

  private static long count(Graph graph) {
    return graph.nodes().stream().filter(node -> node.opId().equals(PRODUCT)).count();
  }

  private static Map<String, Tensor> evaluate(Graph graph, Tensor x) {
    return new ReferenceInterpreter().prepare(graph).evaluate(Map.of("x", x));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFileThatIsReadBackHasItsProductsAndItsBits(boolean zeroPoints) {
    Graph graph = products(zeroPoints);
    Tensor x = Quantization.random(1, 2, 2, 3, 7);
    Graph read = OnnxReader.read(OnnxWriter.toBytes(graph));
    assertThat(count(read)).isZero();

    Graph lowered = new Compiler(CompilerOptions.DEFAULT).lower(read).graph();

    assertThat(count(lowered)).isEqualTo(2);
    assertThat(lowered.nodes()).hasSize(3);
    assertThat(evaluate(lowered, x)).isEqualTo(evaluate(graph, x));
  }
}
