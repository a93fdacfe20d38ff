package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
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
    agrees(OnnxReader.read(SharedData.path("face/version-RFB-320.onnx")), "input", photo());
  }

  private static void agrees(Graph model, String name, Tensor input) throws OrtException {
    Graph graph = optimized(model);

    assertThat(Peer.disagreements(model, name, input)).isEmpty();
    assertThat(Peer.disagreements(graph, name, input)).isEmpty();
    Map<String, Tensor> peer = Peer.run(model, name, input);
    try (InferenceSession session = InferenceSession.of(graph)) {
      session
          .run(Map.of(name, input))
          .forEach(
              (output, ours) ->
                  assertThat(Logits.sqnr(peer.get(output), ours)).isGreaterThanOrEqualTo(80));
    }
  }

  /** A photo as the detector takes it: RGB, 320 x 240, (v - 127) / 128. */
  private static Tensor photo() throws IOException {
    BufferedImage source = ImageIO.read(SharedData.path("face/img13.jpg").toFile());
    BufferedImage scaled = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(source, 0, 0, 320, 240, null);
    graphics.dispose();
    float[] pixels = new float[3 * 240 * 320];
    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < 240 * 320; i++) {
        int rgb = scaled.getRGB(i % 320, i / 320);
        pixels[channel * 240 * 320 + i] = ((rgb >> (16 - 8 * channel) & 0xff) - 127) / 128f;
      }
    }
    return Tensor.ofFloats(Shape.of(1, 3, 240, 320), pixels);
  }
}
