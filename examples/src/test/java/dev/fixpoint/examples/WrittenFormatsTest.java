package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.DynamicRange;
import dev.fixpoint.transform.quantize.OthersOperators;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime loads files of every format and scheme, and agrees with each of their nodes. */
class WrittenFormatsTest {
  private static final Map<String, Tensor> IMAGES = Digits.test().batches(4).getFirst();

  private static final List<Map<String, Tensor>> CALIBRATION =
      Digits.calibration().batches(64).subList(0, 1);

  private static Compiler compiler(QuantScheme scheme) {
    return new Compiler(
        CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()).withScheme(scheme));
  }

  private static Graph model(String network) {
    return OnnxReader.read(Digits.model(network));
  }

  private static Graph placed(String network, QuantScheme scheme) {
    return compiler(scheme).quantize(model(network), CALIBRATION).graph();
  }

  private static Graph written(Graph graph) {
    return OnnxReader.read(OnnxWriter.toBytes(graph));
  }

  private static void othersRunIt(Graph graph) throws OrtException {
    othersRunIt(graph, IMAGES);
  }

  private static void othersRunIt(Graph graph, Map<String, Tensor> inputs) throws OrtException {
    assertThat(written(graph).nodes())
        .extracting(node -> node.opId().domain())
        .isSubsetOf("", OpId.MICROSOFT);
    assertThat(NodeAgreement.disagreements(graph, inputs)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "mlp, UINT8", "rescnn, UINT8", "mobile, UINT8", "vit, UINT8",
    "mlp, INT8", "rescnn, INT8", "mobile, INT8", "vit, INT8"
  })
  void integerOperatorsAreThoseThatOthersDefine(String network, ElementType activations)
      throws OrtException {
    QuantScheme scheme = QuantScheme.DEFAULT.withTypes(activations, ElementType.INT8);
    Graph lowered = compiler(scheme).lower(placed(network, scheme)).graph();

    othersRunIt(NodeAgreement.withSmallWeights(OthersOperators.of(lowered)));
  }

  /** Read back, the steps in which it was written are the operators that they came from. */
  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void whatIsWrittenForOthersRunsHereOnTheSameKernels(String network) {
    Compiler compiler = compiler(QuantScheme.DEFAULT);
    Graph lowered = compiler.lower(placed(network, QuantScheme.DEFAULT)).graph();
    Graph back = compiler.lower(written(OthersOperators.of(lowered))).graph();

    try (InferenceSession ours = InferenceSession.of(lowered);
        InferenceSession theirs = InferenceSession.of(back)) {
      assertThat(theirs.run(IMAGES)).isEqualTo(ours.run(IMAGES));
      Map<String, Shape> shapes = Map.of(Digits.INPUT, IMAGES.get(Digits.INPUT).shape());
      assertThat(theirs.plan(shapes).steps())
          .extracting(step -> step.kernel())
          .doesNotContain("ReferenceKernel");
      assertThat(theirs.plan(shapes).integerMacShare())
          .isEqualTo(ours.plan(shapes).integerMacShare());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void othersRunActivationsOfSixteenBits(String network) throws OrtException {
    QuantScheme scheme = QuantScheme.DEFAULT.withTypes(ElementType.INT16, ElementType.INT8);

    othersRunIt(NodeAgreement.withSmallWeights(placed(network, scheme)));
  }

  /** The face detector on a photo, SqueezeNet on noise. */
  @ParameterizedTest
  @ValueSource(strings = {"face/version-RFB-320", "zoo/squeezenet1_1"})
  void integerOperatorsOfLargeNetworksAreThoseThatOthersDefine(String network)
      throws IOException, OrtException {
    Graph model = OnnxReader.read(SharedData.path(network + ".onnx"));
    Tensor input =
        network.startsWith("face") ? Photos.named("img13.jpg") : PeerAgreementTest.noise();
    Map<String, Tensor> inputs = Map.of(model.inputs().getFirst().name(), input);
    Compiler compiler = compiler(QuantScheme.DEFAULT);
    Graph lowered = compiler.lower(compiler.quantize(model, List.of(inputs)).graph()).graph();

    othersRunIt(NodeAgreement.withSmallWeights(OthersOperators.of(lowered)), inputs);
  }

  @Test
  void othersRunTheAttentionBlockInBothFormats() throws OrtException {
    Graph placed = placed("vit", QuantScheme.W8A8);

    othersRunIt(NodeAgreement.withSmallWeights(placed));
    othersRunIt(
        NodeAgreement.withSmallWeights(
            OthersOperators.of(compiler(QuantScheme.W8A8).lower(placed).graph())));
  }

  @ParameterizedTest
  @CsvSource({
    "mlp, TOKEN", "rescnn, TOKEN", "mobile, TOKEN", "vit, TOKEN",
    "mlp, TENSOR", "rescnn, TENSOR", "mobile, TENSOR", "vit, TENSOR"
  })
  void dynamicQuantizationUsesOperatorsThatOthersDefine(String network, DynamicRange range)
      throws OrtException {
    Graph dynamic =
        compiler(QuantScheme.DEFAULT).quantizeDynamically(model(network), range).graph();

    othersRunIt(NodeAgreement.withSmallWeights(dynamic));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void tensorRtGetsWhatItsRulesAskFor(String network) throws OrtException {
    Graph file = written(placed(network, QuantScheme.TENSORRT));

    assertThat(NodeAgreement.disagreements(file, IMAGES)).isEmpty();
    for (Node node : file.nodes()) {
      if (node.calls(QuantOps.QUANTIZE_LINEAR) || node.calls(QuantOps.DEQUANTIZE_LINEAR)) {
        Tensor zero = file.constant(node.input(2));
        assertThat(zero).isNotNull();
        assertThat(zero.elementType()).isEqualTo(ElementType.INT8);
        assertThat(zero.toLongs()).containsOnly(0);
      }
      if (node.calls(StandardOps.CONV) || node.calls(StandardOps.GEMM)) {
        Value bias = node.inputOrNull(2);
        assertThat(bias == null || file.constant(bias) != null).as("bias in float").isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rescnn", "mobile"})
  void onlyTheResidualInputOfASumIsQuantizedForTensorRt(String network) {
    Graph file = written(placed(network, QuantScheme.TENSORRT));
    List<Node> sums = file.nodes().stream().filter(node -> node.calls(StandardOps.ADD)).toList();

    assertThat(sums).isNotEmpty();
    for (Node sum : sums) {
      assertThat(sum.inputs())
          .extracting(input -> file.producer(input).opId())
          .containsExactlyInAnyOrder(StandardOps.CONV.id(), QuantOps.DEQUANTIZE_LINEAR.id());
    }
    for (Node conv : file.nodes()) {
      if (conv.calls(StandardOps.CONV)) {
        assertThat(file.uses(conv.output()))
            .extracting(Use::node)
            .filteredOn(reader -> reader.calls(StandardOps.ADD))
            .hasSizeLessThanOrEqualTo(1);
      }
    }
  }
}
