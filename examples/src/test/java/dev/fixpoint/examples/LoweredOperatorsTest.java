package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.OthersOperators;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every operator that runs on integers, between two that multiply and accumulate: nothing but the
 * first quantizer reads real numbers, and ONNX Runtime agrees node by node on the file.
 */
class LoweredOperatorsTest {
  private static final Shape INPUT = Shape.of(2, 4, 12, 12);
  private static final List<QuantScheme> SCHEMES =
      List.of(
          QuantScheme.DEFAULT,
          QuantScheme.DEFAULT
              .withTypes(ElementType.INT8, ElementType.INT8)
              .withSymmetricActivations(true)
              .withPerChannel(false));

  /** Convolution, the operator under test on {@code a}, and a product over its result {@code b}. */
  private static Graph sandwich(String statement) {
    return OnnxTextReader.read(
        "sandwich",
        """
        <ir_version: 10, opset_import: ["" : 21]>
        sandwich (float[2,4,12,12] x) => (float[R,5] y)
        <float[4,4,3,3] w1 = {%s}, float[4] b1 = {0.5, -0.5, 0.25, 0.125}, float[4,5] w2 = {%s},
         float[12,12] wm = {%s}, float[4,2,3,3] wg = {%s}, int64[2] rows = {-1, 12},
         int64[2] flat = {-1, 4}, int64[3] shape = {2, 4, 144},
         int64[1] two = {2}, int64[8] pads = {0, 0, 1, 2, 0, 0, 2, 1}, int64[4] starts = {0, 0, 1, 1}, int64[4] ends = {2, 4, 9, 9},
         int64[2] halves = {2, 2}, int64[3] picks = {3, 0, 1}, float low = {-1}, float high = {1}>
        {
          a = Conv<pads = [1, 1, 1, 1]>(x, w1, b1)
          a2 = Conv<pads = [1, 1, 1, 1]>(x, w1)
          %s
          r = Reshape(b, flat)
          y = MatMul(r, w2)
        }
        """
            .formatted(
                numbers(1, 144), numbers(2, 20), numbers(3, 144), numbers(5, 72), statement));
  }

  private static String numbers(long seed, int count) {
    return new Random(seed)
        .doubles(count, -1, 1)
        .mapToObj(value -> String.format(Locale.ROOT, "%.4f", value))
        .collect(Collectors.joining(", "));
  }

  private static Tensor input() {
    double[] values = new Random(4).doubles(INPUT.elementCount(), -2, 2).toArray();
    return Tensor.ofDoubles(ElementType.FLOAT, INPUT, values);
  }

  /** The nodes that read real numbers, constants apart. */
  private static List<String> floatNodes(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> node.inputs().stream().anyMatch(input -> isFloatVariable(graph, input)))
        .map(Node::describe)
        .toList();
  }

  private static boolean isFloatVariable(Graph graph, @Nullable Value value) {
    return value != null
        && graph.constant(value) == null
        && graph.type(value).elementType().isFloat();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b = Conv<strides = [2, 2]>(a, w1)",
        "b = Conv<group = 2, dilations = [2, 2]>(a, wg)",
        "b = ConvTranspose<strides = [2, 2], output_padding = [1, 0], pads = [1, 0, 1, 1]>(a, w1, b1)",
        "b = ConvTranspose<group = 2, dilations = [2, 1], auto_pad = \"SAME_UPPER\">(a, wg, b1)",
        "t = ConvTranspose<strides = [3, 2]>(a, w1, b1) b = Relu(t)",
        "b = MatMul(a, wm)",
        "m = Reshape(a, rows) b = Gemm<transB = 1, alpha = 0.5>(m, wm)",
        "b = MatMul(a, a2)",
        "b = Add(a, a2)",
        "b = Mul(a, a2)",
        "b = AveragePool<kernel_shape = [2, 2], strides = [2, 2]>(a)",
        "b = AveragePool<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(a)",
        "b = GlobalAveragePool(a)",
        "b = MaxPool<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(a)",
        "b = Concat<axis = 1>(a, a2)",
        "b = Reshape(a, shape)",
        "b = Flatten(a)",
        "b = Transpose<perm = [0, 2, 3, 1]>(a)",
        "g = GlobalAveragePool(a) b = Squeeze(g)",
        "b = Unsqueeze(a, two)",
        "b = Slice(a, starts, ends)",
        "b, c = Split<axis = 1>(a, halves)",
        "b = Gather<axis = 2>(a, picks)",
        "b = Pad(a, pads)",
        "b = Pad(a, pads, high)",
        "b = Pad<mode = \"reflect\">(a, pads)",
        "b = Relu(a)",
        "b = Clip(a, low, high)",
        "b = LeakyRelu<alpha = 0.1>(a)",
        "b = HardSigmoid(a)",
        "b = HardSwish(a)",
        "b = Sigmoid(a)",
        "b = Tanh(a)",
        "b = Elu(a)",
        "b = Selu(a)",
        "b = Gelu(a)",
        "b = Softplus(a)",
        "b = Mish(a)",
        "b = Erf(a)"
      })
  void runsOnIntegersAndThePeerAgrees(String statement) throws OrtException {
    Graph model = sandwich(statement);
    Map<String, Tensor> inputs = Map.of("x", input());
    for (QuantScheme scheme : SCHEMES) {
      Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withScheme(scheme));
      Graph quantized = compiler.quantize(model, List.of(inputs)).graph();
      Graph written = OnnxReader.read(OnnxWriter.toBytes(quantized));
      Graph lowered = compiler.lower(written).graph();

      assertThat(floatNodes(lowered)).singleElement().asString().contains("QuantizeLinear");
      assertThat(NodeAgreement.disagreements(written, inputs)).isEmpty();
      Graph integers = NodeAgreement.withSmallWeights(OthersOperators.of(lowered));
      assertThat(NodeAgreement.disagreements(integers, inputs)).isEmpty();
      Tensor simulated = new ReferenceInterpreter().prepare(written).evaluate(inputs).get("y");
      Tensor integer = new ReferenceInterpreter().prepare(lowered).evaluate(inputs).get("y");
      assertThat(Logits.sqnr(simulated, integer)).isGreaterThanOrEqualTo(30);
    }
  }
}
