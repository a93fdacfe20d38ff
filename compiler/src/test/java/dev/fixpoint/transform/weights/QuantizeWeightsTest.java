package dev.fixpoint.transform.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassException;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.Exclusions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every format, every way of rounding, on every kind of layer. */
class QuantizeWeightsTest {
  private static final int SEEDS = 3;
  private static final List<ElementType> TYPES =
      List.of(
          ElementType.INT8,
          ElementType.UINT8,
          ElementType.INT4,
          ElementType.UINT4,
          ElementType.FLOAT8E4M3FN,
          ElementType.FLOAT8E5M2,
          ElementType.FLOAT4E2M1);

  /** What became of a graph. */
  record Outcome(Graph after, PassContext context) {
    static Outcome of(Graph graph, Pass... passes) {
      PassContext context =
          new PassContext(new ReferenceInterpreter(), Map.of("x", Range.of(-1, 1)));
      Pipeline.Builder builder = Pipeline.builder();
      List.of(passes).forEach(builder::then);
      return new Outcome(new PassManager(builder.build(), List.of()).run(graph, context), context);
    }
  }

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (Layers layer : Layers.values()) {
      for (ElementType type : TYPES) {
        for (int block : List.of(0, 16, 32)) {
          for (WeightRounding rounding : WeightRounding.values()) {
            cases.add(Arguments.of(layer, new WeightFormat(type, block), rounding));
          }
        }
      }
      cases.add(
          Arguments.of(layer, new WeightFormat(ElementType.FLOAT16, 0), WeightRounding.PLAIN));
      cases.add(
          Arguments.of(layer, new WeightFormat(ElementType.BFLOAT16, 0), WeightRounding.PLAIN));
    }
    return cases.stream();
  }

  private static QuantizeWeights pass(
      Graph graph, WeightFormat format, WeightRounding rounding, long seed) {
    return new QuantizeWeights(format, rounding, samples(graph, seed), Exclusions.NONE);
  }

  private static List<Map<String, Tensor>> samples(Graph graph, long seed) {
    return LongStream.of(seed, seed + 100)
        .mapToObj(each -> Map.of("x", Layers.input(graph, each)))
        .toList();
  }

  static Tensor evaluate(Graph graph, Tensor x) {
    return new ReferenceInterpreter()
        .prepare(graph)
        .evaluate(Map.of("x", x))
        .values()
        .iterator()
        .next();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resultStaysWithinTheBoundOfTheWeightsAsTheyBecame(
      Layers layer, WeightFormat format, WeightRounding rounding) {
    double ratio = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Graph graph = layer.graph(seed);
      Outcome outcome = Outcome.of(graph, pass(graph, format, rounding, seed));
      Tensor x = Layers.input(graph, seed + 7);

      ErrorBound bound = outcome.context().records().getFirst().bound();
      Verdict verdict = bound.check(evaluate(graph, x), evaluate(outcome.after(), x));

      assertThat(outcome.context().records()).hasSize(1);
      assertThat(verdict.holds()).as("%s", verdict).isTrue();
      ratio = Math.max(ratio, verdict.ratio());
    }
    assertThat(ratio).as("share of the bound that was used").isGreaterThan(0.02);
  }

  /** The layer's weights as they mean now. */
  private static Tensor weights(Graph graph) {
    Node node = graph.nodes().getLast();
    Node maker = graph.producer(node.input(1));
    return maker == null
        ? graph.constant(node.input(1))
        : ReferenceInterpreter.evaluate(
                maker,
                maker.inputs().stream().map(v -> v == null ? null : graph.constant(v)).toList())
            .getFirst();
  }

  private static double outputError(Graph graph, Graph other, List<Map<String, Tensor>> batches) {
    double sum = 0;
    for (Map<String, Tensor> batch : batches) {
      Tensor x = batch.get("x");
      // Activations and biases are left out: they are the same.
      double[] a = product(graph, weights(graph), x);
      double[] b = product(graph, weights(other), x);
      for (int i = 0; i < a.length; i++) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
      }
    }
    return sum;
  }

  private static double[] product(Graph graph, Tensor weights, Tensor x) {
    Node node = graph.nodes().getFirst();
    Node plain =
        new Node(
            "",
            node.calls(StandardOps.FUSED_GEMM) ? StandardOps.GEMM : node.op(),
            node.attributes().without("activation"),
            List.of(node.input(0), node.input(1)),
            node.outputs());
    return ReferenceInterpreter.evaluate(plain, List.of(x, weights)).getFirst().toDoubles();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void betterRoundingIsNeverWorseThanPlainOnTheCalibrationData(
      Layers layer, WeightFormat format, WeightRounding rounding) {
    double gained = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Graph graph = layer.graph(seed);
      List<Map<String, Tensor>> batches = samples(graph, seed);
      Graph plain = Outcome.of(graph, QuantizeWeights.plain(format)).after();
      Outcome other = Outcome.of(graph, pass(graph, format, rounding, seed));

      double before = outputError(graph, plain, batches);
      double after = outputError(graph, other.after(), batches);

      // Both sums are rounded: to float32 in each output, which is far below the errors compared.
      assertThat(after).isLessThanOrEqualTo(before * (1 + 0x1p-10));
      gained = Math.max(gained, before / after);
      if (!other.context().refusals().isEmpty()) {
        assertThat(weights(other.after())).isEqualTo(weights(plain));
      }
    }
    assertThat(gained).isGreaterThanOrEqualTo(rounding == WeightRounding.GPTQ ? 1.02 : 1);
  }

  @Test
  void refusalGivesTheFigures() {
    Graph graph = Layers.MAT_MUL.graph(0);
    PassContext context = null;
    for (long seed = 0; context == null || context.refusals().isEmpty(); seed++) {
      WeightFormat format = new WeightFormat(ElementType.INT4, 0);
      context = Outcome.of(graph, pass(graph, format, WeightRounding.HQQ, seed)).context();
      graph = Layers.MAT_MUL.graph(seed);
    }

    assertThat(context.refusals().getFirst().reason())
        .matches(
            "hqq would make its mean squared output error [0-9.e-]+, plain rounding [0-9.e-]+");
  }

  @ParameterizedTest
  @EnumSource(Layers.class)
  void plainRoundingGoesToTheNearestNumberOfTheBlock(Layers layer) {
    Graph graph = layer.graph(1);
    Graph after =
        Outcome.of(graph, QuantizeWeights.plain(new WeightFormat(ElementType.INT8, 16))).after();
    Node dequantizer = after.nodes().getFirst();
    double[] scales = after.constant(dequantizer.input(1)).toDoubles();
    double coarsest =
        LongStream.range(0, scales.length).mapToDouble(i -> scales[(int) i]).max().orElseThrow();
    double[] before = graph.constant(graph.nodes().getLast().input(1)).toDoubles();
    double[] now = weights(after).toDoubles();

    assertThat(dequantizer.calls(QuantOps.DEQUANTIZE_LINEAR)).isTrue();
    for (int i = 0; i < now.length; i++) {
      assertThat(Math.abs(before[i] - now[i]))
          .isLessThanOrEqualTo(Math.nextUp((float) coarsest) / 2);
    }
  }

  @Test
  void excludedLayersStayAsTheyAre() {
    Graph graph = Layers.GEMM.graph(1);
    QuantizeWeights pass =
        new QuantizeWeights(
            new WeightFormat(ElementType.INT4, 32),
            WeightRounding.PLAIN,
            List.of(),
            new Exclusions(List.of(Pattern.compile("^y$")), List.of()));

    assertThat(Outcome.of(graph, pass).after()).isSameAs(graph);
  }

  @Test
  void excludedOperatorsStayAsTheyAre() {
    Graph graph = Layers.GEMM.graph(1);
    QuantizeWeights pass =
        new QuantizeWeights(
            new WeightFormat(ElementType.INT4, 32),
            WeightRounding.PLAIN,
            List.of(),
            new Exclusions(List.of(), List.of("Gemm")));

    assertThat(Outcome.of(graph, pass).after()).isSameAs(graph);
  }

  @Test
  void quantizingTwiceChangesNothing() {
    QuantizeWeights pass = QuantizeWeights.plain(new WeightFormat(ElementType.INT4, 32));
    Graph once = Outcome.of(Layers.GEMM.graph(1), pass).after();

    assertThat(Outcome.of(once, pass).after()).isSameAs(once);
  }

  @Test
  void gptqAsksForData() {
    QuantizeWeights pass =
        new QuantizeWeights(
            new WeightFormat(ElementType.INT4, 32),
            WeightRounding.GPTQ,
            List.of(),
            Exclusions.NONE);

    assertThatThrownBy(() -> Outcome.of(Layers.GEMM.graph(1), pass))
        .isInstanceOf(PassException.class)
        .hasMessageContaining("there is no calibration data");
  }
}
