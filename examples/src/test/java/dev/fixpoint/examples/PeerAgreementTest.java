package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime loads the quantized files that are written, and agrees with what they mean. */
class PeerAgreementTest {
  private static final int IMAGES = 4;

  private static Graph quantized(String network) {
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));
    Graph model = OnnxReader.read(Digits.model(network));
    return compiler.quantize(model, Digits.calibration().batches(64)).graph();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void peerAgreesNodeByNode(String network) throws OrtException {
    Graph graph = quantized(network);
    Tensor images = Digits.test().batches(IMAGES).getFirst().get(Digits.INPUT);

    assertThat(graph.nodes()).hasSizeGreaterThan(10);
    assertThat(NodeAgreement.disagreements(graph, Map.of(Digits.INPUT, images))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void peerAgreesEndToEnd(String network) throws OrtException {
    Graph graph = quantized(network);
    Tensor images = Digits.test().images();
    Tensor peer = Peer.AS_WRITTEN.run(graph, Map.of(Digits.INPUT, images)).get(Digits.OUTPUT);
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT);

    Tensor ours;
    try (InferenceSession session = InferenceSession.of(compiler.lower(graph).graph())) {
      ours = session.run(Map.of(Digits.INPUT, images)).get(Digits.OUTPUT);
    }

    assertThat(Logits.argmax(ours)).isEqualTo(Logits.argmax(peer));
    assertThat(Logits.sqnr(peer, ours)).isGreaterThanOrEqualTo(50);
  }
}
