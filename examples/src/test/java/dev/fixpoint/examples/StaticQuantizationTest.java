package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.calibration.CalibrationData;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What static quantization with default settings keeps, run on integers by the runtime: decibels,
 * accuracy, and the share of the work that integers do.
 */
class StaticQuantizationTest {
  private static final int BATCH = 64;

  private static final Compiler COMPILER =
      new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));

  private static Graph lowered(Graph model, Iterable<Map<String, Tensor>> batches) {
    return COMPILER.lower(COMPILER.quantize(model, batches).graph()).graph();
  }

  private static Tensor logits(Graph graph) {
    try (InferenceSession session = InferenceSession.of(graph)) {
      return session.run(Map.of(Digits.INPUT, Digits.test().images())).get(Digits.OUTPUT);
    }
  }

  private static double integerShare(Graph graph, Shape input) {
    try (InferenceSession session = InferenceSession.of(graph)) {
      String name = graph.inputs().getFirst().name();
      return session.plan(Map.of(name, input)).integerMacShare();
    }
  }

  @ParameterizedTest
  @CsvSource({"mlp, 46.5", "rescnn, 38.3", "mobile, 31.0", "vit, 33.0"})
  void digitsKeepTheirDecibelsAndAccuracy(String network, double decibels) {
    Graph model = OnnxReader.read(Digits.model(network));
    Graph lowered = lowered(model, Digits.calibration().batches(BATCH));

    Tensor expected = logits(COMPILER.optimize(model).graph());
    Tensor actual = logits(lowered);

    assertThat(Logits.sqnr(expected, actual)).isGreaterThanOrEqualTo(decibels);
    List<Integer> labels = Digits.test().labels();
    long lost =
        Math.round(500 * (Logits.accuracy(expected, labels) - Logits.accuracy(actual, labels)));
    assertThat(Math.abs(lost)).as("0.004 of 500 images").isLessThanOrEqualTo(2);
    Shape one = Digits.test().batches(1).getFirst().get(Digits.INPUT).shape();
    assertThat(integerShare(lowered, one)).isGreaterThanOrEqualTo(0.95);
  }

  @Test
  void calibrationHasTheSameBitsForAnyNumberOfThreads() {
    Graph model = OnnxReader.read(Digits.model("rescnn"));
    CalibrationData data = CalibrationData.of(Digits.calibration().batches(16));

    byte[] alone = OnnxWriter.toBytes(COMPILER.quantize(model, data).graph());
    byte[] together = OnnxWriter.toBytes(COMPILER.quantize(model, data.withThreads(3)).graph());

    assertThat(together).isEqualTo(alone);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mobilenet_v2", "squeezenet1_1"})
  void largeNetworksRunOnIntegers(String network) throws IOException {
    Graph model = OnnxReader.read(SharedData.path("zoo/" + network + ".onnx"));
    Value input = model.inputs().getFirst();
    Tensor sample = random(Shape.of(1, 3, 224, 224));

    Graph lowered = lowered(model, List.of(Map.of(input.name(), sample)));

    assertThat(integerShare(lowered, sample.shape())).isGreaterThanOrEqualTo(0.95);
  }

  private static Tensor random(Shape shape) {
    Random random = new Random(5);
    float[] values = new float[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.ofFloats(shape, values);
  }
}
