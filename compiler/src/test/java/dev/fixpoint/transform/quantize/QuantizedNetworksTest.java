package dev.fixpoint.transform.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.SharedData;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.StandardPipelines;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real networks, quantized and lowered in reference semantics, against their float values. */
class QuantizedNetworksTest {
  private static PassContext context() {
    return new PassContext(new ReferenceInterpreter(), Map.of());
  }

  private static Graph digits(String name) throws IOException {
    return OnnxReader.read(SharedData.path("digits/digits_" + name + ".onnx"));
  }

  private static Graph optimized(Graph graph) {
    return new PassManager(StandardPipelines.floatOptimizations(), List.of()).run(graph, context());
  }

  private static Tensor evaluate(Graph graph, Tensor image) {
    return new ReferenceInterpreter()
        .prepare(graph)
        .evaluate(Map.of(graph.inputs().getFirst().name(), image))
        .values()
        .iterator()
        .next();
  }

  /** Signal to noise in decibels; infinite for equal values. */
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

  private static Graph run(Graph graph, Pass... passes) {
    return Quantization.run(context(), graph, passes);
  }

  @ParameterizedTest
  @CsvSource({"mlp, 500, 46.5", "rescnn, 40, 38.3", "mobile, 40, 31", "vit, 40, 33"})
  void staticQuantizationKeepsItsDecibels(String name, int images, double atLeast)
      throws IOException {
    Graph plain = digits(name);
    NpzFile calibration = new NpzFile(SharedData.path("digits/calibration.npz"));
    Tensor test = new NpzFile(SharedData.path("digits/test.npz")).first("image", images);
    List<Map<String, Tensor>> batches =
        List.of(Map.of(plain.inputs().getFirst().name(), calibration.read("image")));
    QuantScheme scheme = QuantScheme.DEFAULT;

    Graph lowered =
        run(
            optimized(plain),
            new InsertQuantStubs(scheme),
            new CalibrateStubs(scheme, batches),
            new PlaceFakeQuant(scheme),
            new LowerToQuantized());

    assertThat(decibels(evaluate(plain, test), evaluate(lowered, test)))
        .isGreaterThanOrEqualTo(atLeast);
    for (var left : List.of(StandardOps.CONV, StandardOps.FUSED_CONV, StandardOps.GEMM)) {
      assertThat(Quantization.count(lowered, left)).as("%s in float", left.id()).isZero();
    }
  }

  /** What stays in float: what the file itself does not quantize. */
  @ParameterizedTest
  @CsvSource({"ort_qdq, ''", "torch_qat, Gemm ReduceMean", "qonnx_quant, Flatten"})
  void graphsQuantizedElsewhereKeepTheirMeaning(String name, String floats) throws IOException {
    Graph plain = OnnxReader.read(SharedData.path("qat/" + name + ".onnx"));
    NpzFile expected = new NpzFile(SharedData.path("qat/expected.npz"));
    Tensor reference = expected.read(name);

    Graph lowered = run(optimized(plain), new LowerToQuantized());
    Tensor actual = evaluate(lowered, expected.read("image"));

    assertThat(decibels(reference, actual)).isGreaterThanOrEqualTo(35);
    assertThat(sameClass(reference, actual)).isGreaterThanOrEqualTo(62);
    assertThat(
            QuantReport.ofLowered(lowered).floats().stream()
                .map(QuantReport.Entry::operator)
                .distinct()
                .sorted()
                .collect(Collectors.joining(" ")))
        .isEqualTo(floats);
    assertThat(
            Quantization.count(lowered, QuantOps.Q_CONV)
                + Quantization.count(lowered, QuantOps.Q_GEMM))
        .isPositive();
  }

  private static long sameClass(Tensor expected, Tensor actual) {
    long same = 0;
    for (int row = 0; row < expected.shape().size(0); row++) {
      same += argmax(expected, row) == argmax(actual, row) ? 1 : 0;
    }
    return same;
  }

  private static int argmax(Tensor logits, int row) {
    int best = 0;
    for (int i = 1; i < logits.shape().size(1); i++) {
      best = logits.get(row, i) > logits.get(row, best) ? i : best;
    }
    return best;
  }
}
