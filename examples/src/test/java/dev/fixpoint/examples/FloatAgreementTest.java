package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Float networks as found: shape arithmetic folds away, and ONNX Runtime agrees. */
class FloatAgreementTest {
  private static final Set<String> SHAPE_ARITHMETIC =
      Set.of("Shape", "Gather", "Unsqueeze", "Concat", "Cast");

  private static Graph optimized(Graph model) {
    return new Compiler(CompilerOptions.DEFAULT).optimize(model).graph();
  }

  private static List<String> operators(Graph graph) {
    return graph.nodes().stream().map(node -> node.opId().name()).toList();
  }

  @Test
  void shapeArithmeticOfTheTransformerIsGoneWithASymbolicBatch() {
    Graph graph = optimized(OnnxReader.read(Digits.model("vit")));

    assertThat(graph.type(graph.inputs().getFirst()).shape().isStatic()).isFalse();
    assertThat(operators(graph)).doesNotContainAnyElementsOf(SHAPE_ARITHMETIC);
  }

  @Test
  void peerAgreesOnTheTransformer() throws OrtException {
    Tensor images = Digits.test().batches(4).getFirst().get(Digits.INPUT);

    agrees(OnnxReader.read(Digits.model("vit")), Digits.INPUT, images);
  }

  @Test
  void shapeArithmeticOfTheFaceDetectorIsGone() throws IOException {
    Graph graph = optimized(OnnxReader.read(SharedData.path("face/version-RFB-320.onnx")));

    assertThat(operators(graph)).doesNotContain("Shape", "Gather", "Unsqueeze");
  }

  @Test
  void peerAgreesOnTheFaceDetector() throws IOException, OrtException {
    agrees(
        OnnxReader.read(SharedData.path("face/version-RFB-320.onnx")),
        "input",
        Photos.named("img13.jpg"));
  }

  private static void agrees(Graph model, String name, Tensor input) throws OrtException {
    Graph graph = optimized(model);

    assertThat(NodeAgreement.disagreements(model, Map.of(name, input))).isEmpty();
    assertThat(NodeAgreement.disagreements(graph, Map.of(name, input))).isEmpty();
    Map<String, Tensor> peer = Peer.AS_WRITTEN.run(model, Map.of(name, input));
    try (InferenceSession session = InferenceSession.of(graph)) {
      session
          .run(Map.of(name, input))
          .forEach(
              (output, ours) ->
                  assertThat(Logits.sqnr(peer.get(output), ours)).isGreaterThanOrEqualTo(80));
    }
  }
}
