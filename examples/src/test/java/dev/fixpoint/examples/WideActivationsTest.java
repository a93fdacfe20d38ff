package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Activations of 16 bits with weights of 8, from placement to a run on integers. */
class WideActivationsTest {
  private static final Compiler COMPILER =
      new Compiler(
          CompilerOptions.DEFAULT
              .withEvaluator(new RuntimeEvaluator())
              .withScheme(QuantScheme.DEFAULT.withTypes(ElementType.INT16, ElementType.INT8)));

  private static Tensor logits(Graph graph, Map<String, Tensor> images) {
    try (InferenceSession session = InferenceSession.of(graph)) {
      return session.run(images).get(Digits.OUTPUT);
    }
  }

  @ParameterizedTest
  @CsvSource({"mlp, 50", "rescnn, 40", "mobile, 35.5", "vit, 47"})
  void onlyTheWeightsCostDecibels(String network, double atLeast) {
    Graph model = OnnxReader.read(Digits.model(network));
    Map<String, Tensor> images = Digits.test().batches(25).getFirst();
    Graph quantized = COMPILER.quantize(model, Digits.calibration().batches(64)).graph();
    Graph file = OnnxReader.read(OnnxWriter.toBytes(quantized));

    Graph lowered = COMPILER.lower(file).graph();

    Tensor actual = logits(lowered, images);
    assertThat(Logits.sqnr(logits(model, images), actual)).isGreaterThanOrEqualTo(atLeast);
    assertThat(lowered.nodes())
        .extracting(node -> node.opId().name())
        .doesNotContain("Conv", "FusedConv", "Gemm", "FusedGemm");
    assertThat(lowered.nodes().stream().anyMatch(node -> node.calls(QuantOps.QUANTIZE_LINEAR)))
        .isTrue();
  }

  /** Networks without functions in float, of which other implementations may differ. */
  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn"})
  void theRuntimeGivesTheBitsOfTheReference(String network) {
    Graph model = OnnxReader.read(Digits.model(network));
    Map<String, Tensor> images = Digits.test().batches(4).getFirst();
    Graph lowered = COMPILER.lower(COMPILER.quantize(model, List.of(images)).graph()).graph();

    assertThat(logits(lowered, images))
        .isEqualTo(new ReferenceInterpreter().prepare(lowered).evaluate(images).get(Digits.OUTPUT));
  }
}
