package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.onnx.OnnxWriteOptions;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs to train, as they are written and as they come back. */
class TrainingGraphTest {
  private static final Compiler COMPILER =
      new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));

  private static final List<Map<String, Tensor>> CALIBRATION =
      Digits.calibration().batches(64).subList(0, 1);

  private static Graph model(String network) {
    return OnnxReader.read(Digits.model(network));
  }

  private static Graph trained(String network) {
    return COMPILER.prepareTraining(model(network), CALIBRATION).graph();
  }

  private static byte[] file(Graph graph, OnnxWriteOptions.Operators style) {
    return OnnxWriter.toBytes(graph, OnnxWriteOptions.DEFAULT.withOperators(style));
  }

  private static Tensor lowered(Graph graph, Map<String, Tensor> inputs) {
    try (InferenceSession session = InferenceSession.of(COMPILER.lower(graph).graph())) {
      return session.run(inputs).values().iterator().next();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void untrainedItIsTheQuantizedNetworkBitForBit(String network) {
    Map<String, Tensor> images = Digits.test().batches(50).getFirst();
    Graph quantized = COMPILER.quantize(model(network), CALIBRATION).graph();
    Tensor expected = lowered(quantized, images);
    Graph trained = trained(network);

    for (var style :
        List.of(OnnxWriteOptions.Operators.EXPANDED, OnnxWriteOptions.Operators.FUNCTIONS)) {
      assertThat(lowered(OnnxReader.read(file(trained, style)), images))
          .as("%s", style)
          .isEqualTo(expected);
    }
    assertThat(lowered(OnnxReader.read(OnnxWriter.toBytes(quantized)), images))
        .as("the QDQ file")
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rescnn", "vit"})
  void thePeerRunsBothStyles(String network) throws OrtException {
    Map<String, Tensor> images = Digits.test().batches(20).getFirst();
    Graph trained = trained(network);

    Tensor pairs =
        Peer.AS_WRITTEN
            .run(file(trained, OnnxWriteOptions.Operators.EXPANDED), images)
            .get(Digits.OUTPUT);
    Tensor functions =
        Peer.AS_WRITTEN
            .run(file(trained, OnnxWriteOptions.Operators.FUNCTIONS), images)
            .get(Digits.OUTPUT);

    assertThat(functions).isEqualTo(pairs);
    assertThat(Logits.sqnr(lowered(trained, images), pairs)).isGreaterThanOrEqualTo(40);
  }

  @Test
  void weightsAndBiasesStayFloatAndWhatOnlyTrainingOnceNeededIsGone() {
    Graph model =
        OnnxTextReader.read(
            "net",
            """
            <ir_version: 10, opset_import: ["" : 21]>
            net (float[N,2,4,4] x) => (float[N,3] y)
            <float[2,2,1,1] w = {1, 2, -1, 0.5}, float[2] b = {1, -1}, float[2] g = {2, 1},
             float[2] v = {1, 4}, float[32,3] m, float ratio = {0.5}, int64[2] flat = {0, -1}>
            {
              c = Conv(x, w, b)
              n = BatchNormalization(c, g, b, b, v)
              d = Dropout(n, ratio)
              r = Reshape(d, flat)
              y = MatMul(r, m)
            }
            """
                .replace("float[32,3] m", "float[32,3] m = {" + "0.5, -1, ".repeat(47) + "1, 2}"));

    Graph trained = COMPILER.prepareTraining(model, null).graph();

    assertThat(trained.nodes())
        .extracting(Node::opId)
        .contains(QuantOps.FAKE_QUANT.id())
        .doesNotContain(
            StandardOps.BATCH_NORMALIZATION.id(),
            StandardOps.DROPOUT.id(),
            QuantOps.DEQUANTIZE_LINEAR.id());
    for (Node node : trained.nodes()) {
      if (node.calls(QuantOps.FAKE_QUANT) && trained.constant(node.input(0)) == null) {
        double steps = trained.constant(node.input(1)).doubleAt(0) * 255;
        assertThat((float) steps).as("12 of [-6, 6]").isEqualTo(12);
      }
      if (node.calls(StandardOps.CONV)) {
        assertThat(trained.type(node.input(2)).elementType()).isEqualTo(ElementType.FLOAT);
        assertThat(trained.constant(node.input(2))).isNotNull();
      }
    }
  }
}
