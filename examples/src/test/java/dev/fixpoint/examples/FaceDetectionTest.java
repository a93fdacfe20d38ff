package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The face detector finds the same faces on integers, quantized with default settings. */
class FaceDetectionTest {
  private static final String INPUT = "input";
  private static final double SAME = 0.9;
  private static final double SCORE = 0.7;

  private static List<Detections.Box> detect(InferenceSession session, Tensor photo) {
    Map<String, Tensor> outputs = session.run(Map.of(INPUT, photo));
    return Detections.of(outputs.get("scores"), outputs.get("boxes"), SCORE);
  }

  /** Share of the boxes that have a partner among the others of the same photo. */
  private static double partnered(
      List<List<Detections.Box>> boxes, List<List<Detections.Box>> others) {
    int all = 0;
    int partnered = 0;
    for (int photo = 0; photo < boxes.size(); photo++) {
      for (Detections.Box box : boxes.get(photo)) {
        all++;
        boolean found = others.get(photo).stream().anyMatch(o -> box.overlap(o) >= SAME);
        partnered += found ? 1 : 0;
      }
    }
    return (double) partnered / all;
  }

  @Test
  void boxesOnIntegersArePartnersOfThoseInFloat() throws IOException {
    Graph model = OnnxReader.read(SharedData.path("face/version-RFB-320.onnx"));
    List<Tensor> photos = Photos.all();
    List<Map<String, Tensor>> batches = photos.stream().map(photo -> Map.of(INPUT, photo)).toList();
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));
    Graph lowered = compiler.lower(compiler.quantize(model, batches).graph()).graph();
    try (InferenceSession real = InferenceSession.of(compiler.optimize(model).graph());
        InferenceSession integer = InferenceSession.of(lowered)) {
      List<List<Detections.Box>> expected = photos.stream().map(p -> detect(real, p)).toList();
      List<List<Detections.Box>> actual = photos.stream().map(p -> detect(integer, p)).toList();

      // 187 boxes in float, 185 of them with a partner.
      assertThat(expected.stream().mapToInt(List::size).sum()).isGreaterThan(150);
      assertThat(partnered(expected, actual)).isGreaterThanOrEqualTo(0.95);
      assertThat(partnered(actual, expected)).isGreaterThanOrEqualTo(0.95);
      assertThat(integer.plan(Map.of(INPUT, photos.getFirst().shape())).integerMacShare())
          .isGreaterThanOrEqualTo(0.95);
    }
  }
}
