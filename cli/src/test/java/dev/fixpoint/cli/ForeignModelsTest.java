package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.cli.data.Npz;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that other tools trained or quantized run on integers and keep their meaning. */
class ForeignModelsTest {
  private static int argmax(Tensor logits, int row) {
    int best = 0;
    for (int i = 1; i < logits.shape().intSize(1); i++) {
      best = logits.get(row, i) > logits.get(row, best) ? i : best;
    }
    return best;
  }

  private static double decibels(Tensor expected, Tensor actual) {
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < expected.elementCount(); i++) {
      double difference = expected.doubleAt(i) - actual.doubleAt(i);
      signal += expected.doubleAt(i) * expected.doubleAt(i);
      noise += difference * difference;
    }
    return 10 * Math.log10(signal / noise);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ort_qdq", "torch_qat", "qonnx_quant"})
  void runOnIntegersAndKeepTheirMeaning(String name) throws IOException {
    Graph model = OnnxReader.read(CommandRun.shared("qat/" + name + ".onnx"));
    Map<String, Tensor> data =
        Npz.read(
            CommandRun.shared("qat/expected.npz"),
            array -> array.equals(name) || array.equals("image"));
    Tensor expected = data.get(name);
    CompiledModel lowered = new Compiler(CompilerOptions.DEFAULT).lower(model);

    Tensor actual;
    try (InferenceSession session = InferenceSession.of(lowered.graph())) {
      String input = model.inputs().getFirst().name();
      actual = session.run(Map.of(input, data.get("image"))).values().iterator().next();
    }

    assertThat(decibels(expected, actual)).isGreaterThanOrEqualTo(35);
    int images = expected.shape().intSize(0);
    int same = 0;
    for (int row = 0; row < images; row++) {
      same += argmax(expected, row) == argmax(actual, row) ? 1 : 0;
    }
    assertThat(images).isEqualTo(64);
    assertThat(same).isGreaterThanOrEqualTo(62);
    assertThat(lowered.report().integers()).isNotEmpty();
  }
}
