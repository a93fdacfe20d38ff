package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime loads the quantized files that are written, and agrees with what they mean. */
class PeerAgreementTest {
  private static final int IMAGES = 4;

  private static final Compiler COMPILER =
      new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));

  private static Graph quantized(String network) {
    Graph model = OnnxReader.read(Digits.model(network));
    return COMPILER.quantize(model, Digits.calibration().batches(64)).graph();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void peerAgreesNodeByNode(String network) throws OrtException {
    Graph graph = quantized(network);
    Tensor images = Digits.test().batches(IMAGES).getFirst().get(Digits.INPUT);

    assertThat(graph.nodes()).hasSizeGreaterThan(10);
    assertThat(NodeAgreement.disagreements(graph, Map.of(Digits.INPUT, images))).isEmpty();
  }

  /** The face detector on a photo, the others on noise. */
  @ParameterizedTest
  @ValueSource(strings = {"face/version-RFB-320", "zoo/mobilenet_v2", "zoo/squeezenet1_1"})
  void peerAgreesNodeByNodeOnLargeNetworks(String network) throws IOException, OrtException {
    Graph model = OnnxReader.read(SharedData.path(network + ".onnx"));
    Tensor input = network.startsWith("face") ? Photos.named("img13.jpg") : noise();
    Map<String, Tensor> inputs = Map.of(model.inputs().getFirst().name(), input);
    Graph graph = COMPILER.quantize(model, List.of(inputs)).graph();

    assertThat(NodeAgreement.disagreements(graph, inputs)).isEmpty();
  }

  /** A seeded picture of 224 by 224 pixels. */
  static Tensor noise() {
    Shape shape = Shape.of(1, 3, 224, 224);
    double[] values = new Random(6).doubles(shape.elementCount(), -2, 2).toArray();
    return Tensor.ofDoubles(ElementType.FLOAT, shape, values);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void peerAgreesEndToEnd(String network) throws OrtException {
    Graph graph = quantized(network);
    Tensor images = Digits.test().batches(100).getFirst().get(Digits.INPUT);
    Tensor peer = Peer.AS_WRITTEN.run(graph, Map.of(Digits.INPUT, images)).get(Digits.OUTPUT);
    Tensor ours;
    try (InferenceSession session = InferenceSession.of(COMPILER.lower(graph).graph())) {
      ours = session.run(Map.of(Digits.INPUT, images)).get(Digits.OUTPUT);
    }

    assertThat(Logits.argmax(ours)).isEqualTo(Logits.argmax(peer));
    assertThat(Logits.sqnr(peer, ours)).isGreaterThanOrEqualTo(45);
  }
}
