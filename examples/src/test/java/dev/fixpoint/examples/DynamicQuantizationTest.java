package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.DynamicRange;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dynamic quantization of the digits networks, run against their float values. */
class DynamicQuantizationTest {
  private static final Compiler COMPILER = new Compiler(CompilerOptions.DEFAULT);

  private static Graph dynamic(String network, DynamicRange range) {
    Graph model = OnnxReader.read(Digits.model(network));
    return COMPILER.quantizeDynamically(model, range).graph();
  }

  private static Tensor logits(Graph graph, Tensor images) {
    try (InferenceSession session = InferenceSession.of(graph)) {
      return session.run(Map.of(Digits.INPUT, images)).get(Digits.OUTPUT);
    }
  }

  @ParameterizedTest
  @CsvSource({"mlp, 500, 46", "rescnn, 50, 38.5", "mobile, 50, 32", "vit, 500, 45"})
  void aRangeForEachRowKeepsTheDecibels(String network, int images, double atLeast) {
    Digits test = Digits.test();
    Tensor batch = test.batches(images).getFirst().get(Digits.INPUT);
    Tensor expected = logits(OnnxReader.read(Digits.model(network)), batch);

    Tensor actual = logits(dynamic(network, DynamicRange.TOKEN), batch);

    assertThat(Logits.sqnr(expected, actual)).isGreaterThanOrEqualTo(atLeast);
  }

  @ParameterizedTest
  @CsvSource({"mlp, 46", "vit, 40.5"})
  void aRangeForEachTensorKeepsItsDecibels(String network, double atLeast) {
    Tensor images = Digits.test().batches(100).getFirst().get(Digits.INPUT);
    Tensor expected = logits(OnnxReader.read(Digits.model(network)), images);

    Tensor actual = logits(dynamic(network, DynamicRange.TENSOR), images);

    assertThat(Logits.sqnr(expected, actual)).isGreaterThanOrEqualTo(atLeast);
  }

  @Test
  void aRowDoesNotDependOnTheRestOfItsBatch() {
    Graph graph = dynamic("vit", DynamicRange.TOKEN);
    List<Map<String, Tensor>> single = Digits.test().batches(1).subList(0, 8);
    Tensor together = logits(graph, Digits.test().batches(8).getFirst().get(Digits.INPUT));

    for (int i = 0; i < single.size(); i++) {
      float[] alone = logits(graph, single.get(i).get(Digits.INPUT)).toFloats();
      for (int c = 0; c < alone.length; c++) {
        assertThat((float) together.get(i, c)).isEqualTo(alone[c]);
      }
    }
  }
}
