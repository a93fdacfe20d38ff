package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.calibration.CalibrationMethod;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What each way to choose ranges but the default keeps of the digits networks. The floors are what
 * was measured, rounded down to half a decibel; docs/calibration.md has the table.
 */
class CalibratorsTest {
  private static Tensor logits(Graph graph) {
    try (InferenceSession session = InferenceSession.of(graph)) {
      return session.run(Map.of(Digits.INPUT, Digits.test().images())).get(Digits.OUTPUT);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mlp,    45.0, 46.5, 46.5, 46.0",
    "rescnn, 39.5, 39.5, 26.5, 39.5",
    "mobile, 32.5, 32.5, 18.0, 33.0",
    "vit,    40.5, 40.5, 39.5, 40.5"
  })
  void everyOtherCalibratorKeepsItsDecibelsAndTheAccuracy(
      String network, double moving, double percentile, double entropy, double mse) {
    List<Double> floors = List.of(moving, percentile, entropy, mse);
    Graph model = OnnxReader.read(Digits.model(network));
    Tensor expected = logits(model);
    List<Integer> labels = Digits.test().labels();
    for (int i = 0; i < floors.size(); i++) {
      CalibrationMethod method = CalibrationMethod.ALL.get(i + 1);
      Compiler compiler =
          new Compiler(
              CompilerOptions.DEFAULT
                  .withEvaluator(new RuntimeEvaluator())
                  .withScheme(QuantScheme.DEFAULT.withCalibration(method)));
      Graph quantized = compiler.quantize(model, Digits.calibration().batches(64)).graph();

      Tensor actual = logits(compiler.lower(quantized).graph());

      String name = network + ", " + method.text();
      assertThat(Logits.sqnr(expected, actual)).as(name).isGreaterThanOrEqualTo(floors.get(i));
      double lost = Logits.accuracy(expected, labels) - Logits.accuracy(actual, labels);
      assertThat(Math.abs(Math.round(500 * lost))).as(name).isLessThanOrEqualTo(2);
    }
  }
}
