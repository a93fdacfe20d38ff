package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.improve.Improvement;
import dev.fixpoint.transform.improve.Improvements;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What methods better than plain rounding bring on the bundled networks, on integers. */
class ImprovedNetworksTest {
  private static final CompilerOptions OPTIONS =
      CompilerOptions.DEFAULT
          .withEvaluator(new RuntimeEvaluator())
          .withInputRanges(Digits.INPUT_RANGES);

  private static Tensor logits(Graph graph) {
    try (InferenceSession session = InferenceSession.of(graph)) {
      return session.run(Map.of(Digits.INPUT, Digits.test().images())).get(Digits.OUTPUT);
    }
  }

  private static double decibels(Graph model, Set<Improvement> improvements, int images) {
    Compiler compiler =
        new Compiler(OPTIONS.withImprovements(new Improvements(improvements, null)));
    Graph fake =
        compiler.quantize(model, Digits.calibration().batches(64).subList(0, images / 64)).graph();
    Tensor expected = logits(compiler.optimize(model).graph());
    return Logits.sqnr(expected, logits(compiler.lower(fake).graph()));
  }

  private static Set<Improvement> parsed(String names) {
    return Arrays.stream(names.split("\\+"))
        .map(name -> Improvement.ofText(name).orElseThrow())
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource({
    "mlp, adaround+bias, 47.5, 256", "rescnn, adaround+bias, 40.5, 64",
    "mobile, bias, 32.5, 64", "vit, smooth, 40.7, 64"
  })
  void betterMethodsComeCloserThanTheDefault(
      String network, String improvements, double least, int images) {
    Graph model = OnnxReader.read(Digits.model(network));

    double plain = decibels(model, Set.of(), images);
    double better = decibels(model, parsed(improvements), images);

    assertThat(better).isGreaterThanOrEqualTo(least).isGreaterThan(plain);
  }

  @Test
  void plantedOutliersCostPlainQuantizationTwentyDecibels() {
    Graph planted = planted(OnnxReader.read(Digits.model("vit")), 100);

    double plain = decibels(planted, Set.of(), 64);

    assertThat(decibels(planted, Set.of(Improvement.SMOOTH), 64)).isGreaterThan(plain + 20);
    assertThat(decibels(planted, Set.of(Improvement.OUTLIERS), 64)).isGreaterThan(plain + 20);
  }

  /**
   * The same function with two channels of every normalization that layers read a hundred times as
   * large, and the weights that read them as much smaller.
   */
  static Graph planted(Graph model, float factor) {
    Graph graph = new Compiler(OPTIONS).optimize(model).graph();
    Map<Value, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    for (Node node : graph.nodes()) {
      boolean feedsLayers =
          node.calls(StandardOps.LAYER_NORMALIZATION)
              && graph.uses(node.output()).stream()
                  .allMatch(use -> use.node().calls(StandardOps.FUSED_MAT_MUL));
      if (feedsLayers) {
        scale(constants, node.input(1), 1, factor);
        scale(constants, node.input(2), 1, factor);
        for (Use use : graph.uses(node.output())) {
          Value weights = use.node().input(1);
          scale(constants, weights, constants.get(weights).shape().intSize(1), 1 / factor);
        }
      }
    }
    GraphParts parts = graph.parts();
    return Graph.of(parts.withInitializers(constants));
  }

  /** Multiplies the entries of channels 3 and 17, of which each has so many. */
  private static void scale(Map<Value, Tensor> constants, Value value, int width, float factor) {
    Tensor tensor = constants.get(value);
    float[] values = tensor.toFloats();
    for (int channel : new int[] {3, 17}) {
      for (int i = 0; i < width; i++) {
        values[channel * width + i] *= factor;
      }
    }
    constants.put(value, Tensor.ofFloats(tensor.shape(), values));
  }
}
