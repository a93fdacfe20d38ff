package dev.fixpoint.transform.improve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.calibration.CalibrationData;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.StandardPipelines;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each improvement on small random networks: its bounds hold, and it does no harm. */
class ImprovementTest {
  private static final int SEEDS = 4;

  private static PassContext context() {
    return new PassContext(new ReferenceInterpreter(), Map.of("x", Range.of(-1, 1)));
  }

  private static Graph run(PassContext context, Graph graph, Pass... passes) {
    Pipeline.Builder builder = Pipeline.builder();
    List.of(passes).forEach(builder::then);
    return run(context, graph, builder.build());
  }

  private static Graph run(PassContext context, Graph graph, Pipeline pipeline) {
    return new PassManager(pipeline, List.of()).run(graph, context);
  }

  private static Pipeline placement(Improvement improvement, List<Map<String, Tensor>> batches) {
    QuantScheme scheme = Improvements.of(improvement).adapted(QuantScheme.DEFAULT);
    return StandardPipelines.placement(scheme, CalibrationData.of(batches));
  }

  static Stream<Arguments> cases() {
    return Stream.of(Improvement.values())
        .flatMap(
            improvement ->
                Stream.of(SmallNetworks.values()).map(each -> Arguments.of(improvement, each)));
  }

  /** The network that an improvement begins with: float, or fake-quantized. */
  private static Graph start(
      Improvement improvement, Graph plain, List<Map<String, Tensor>> batches) {
    return improvement.isOnFloat() ? plain : run(context(), plain, placement(improvement, batches));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyRewriteKeepsItsBound(Improvement improvement, SmallNetworks network) {
    for (long seed = 0; seed < SEEDS; seed++) {
      Graph plain = network.graph(seed);
      List<Map<String, Tensor>> batches = SmallNetworks.batches(plain, seed);
      Reference reference = new Reference(plain, batches);
      Graph before = start(improvement, plain, batches);
      PassContext context = context();

      Graph after = run(context, before, improvement.pass(reference));

      Map<String, Tensor> input = SmallNetworks.input(plain, seed + 50);
      Map<Value, ErrorBound> allowed = allowed(before, context.records());
      allowed.forEach(
          (output, bound) -> {
            Verdict verdict = bound.check(tap(before, output, input), tap(after, output, input));
            assertThat(bound.isBounded()).as("%s", bound).isTrue();
            assertThat(verdict.holds()).as("%s: %s", output, verdict).isTrue();
          });
    }
  }

  /**
   * The bound of each value that one rewrite alone changed and that no changed value feeds: what
   * the layers before it make is as it was.
   */
  private static Map<Value, ErrorBound> allowed(Graph before, List<RewriteRecord> records) {
    Map<Value, ErrorBound> allowed = new HashMap<>();
    Set<Value> moved = new HashSet<>();
    records.forEach(record -> moved.addAll(record.bounds().keySet()));
    for (RewriteRecord record : records) {
      record
          .bounds()
          .forEach(
              (value, bound) -> {
                if (!feeds(before, moved, value)) {
                  allowed.put(value, bound.uniform());
                }
              });
    }
    return allowed;
  }

  private static boolean feeds(Graph graph, Set<Value> moved, Value value) {
    Node producer = graph.producer(value);
    return producer != null
        && producer.inputs().stream()
            .anyMatch(
                input -> input != null && (moved.contains(input) || feeds(graph, moved, input)));
  }

  private static Tensor tap(Graph graph, Value value, Map<String, Tensor> input) {
    Map<Value, Tensor> seen = new HashMap<>();
    new ReferenceInterpreter().prepare(graph, Set.of(value)).evaluate(input, seen::put);
    Tensor tensor = seen.get(value);
    assertThat(tensor).as("%s", value).isNotNull();
    return tensor;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void guardedImprovementIsNeverWorseOnTheCalibrationData(
      Improvement improvement, SmallNetworks network) {
    for (long seed = 0; seed < SEEDS; seed++) {
      Graph plain = network.graph(seed);
      List<Map<String, Tensor>> batches = SmallNetworks.batches(plain, seed);
      Reference reference = new Reference(plain, batches);
      Pipeline rest =
          improvement.isOnFloat() ? placement(improvement, batches) : Pipeline.builder().build();
      Graph before = start(improvement, plain, batches);
      PassContext context = context();

      Graph after = run(context, before, new Guarded(improvement.pass(reference), rest, reference));

      double worse = reference.decibels(run(context(), before, rest), new ReferenceInterpreter());
      double better = reference.decibels(run(context(), after, rest), new ReferenceInterpreter());
      assertThat(better).isGreaterThanOrEqualTo(worse);
      if (!context.refusals().isEmpty() && after == before) {
        assertThat(context.refusals().getLast().reason())
            .matches(
                "(on calibration data .* [0-9.-]+ dB .* [0-9.-]+ dB without|.*columns.*|.*scale.*)");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SmallNetworks.class)
  void adaptiveRoundingTakesOneOfTheTwoNeighbours(SmallNetworks network) {
    Graph plain = network.graph(1);
    List<Map<String, Tensor>> batches = SmallNetworks.batches(plain, 1);
    Reference reference = new Reference(plain, batches);
    Graph before = start(Improvement.ADAROUND, plain, batches);
    Graph after = run(context(), before, new RoundWeights(reference));

    int turned = 0;
    for (Node node : after.nodes()) {
      var layer = QuantizedLayer.of(after, node);
      if (layer.isPresent()) {
        QuantizedLayer now = layer.get();
        QuantizedLayer then =
            QuantizedLayer.of(before, before.producer(node.output())).orElseThrow();
        double[] real = then.weights().toDoubles();
        double[] nearest = then.reals();
        double[] reals = now.reals();
        for (int row = 0; row < now.matrix().rows(); row++) {
          for (int k = 0; k < now.matrix().columns(); k++) {
            int at = now.matrix().position(row, k);
            assertThat(Math.abs(reals[at] - real[at]))
                .isLessThanOrEqualTo(then.scale(row) + Math.ulp((float) reals[at]));
            turned += reals[at] == nearest[at] ? 0 : 1;
          }
        }
      }
    }
    assertThat(turned).as("weights that are not rounded to the nearest").isPositive();
  }

  @Test
  void equalizedLayersHaveTheSameRangeInEachChannel() {
    Graph plain = SmallNetworks.PRODUCTS.graph(3);
    Graph after = run(context(), plain, new EqualizeLayers());
    Node first = after.nodes().getFirst();
    double[] rows = after.constant(first.input(1)).toDoubles();
    double[] columns = after.constant(after.nodes().getLast().input(1)).toDoubles();

    for (int channel = 0; channel < 12; channel++) {
      float row = 0;
      float column = 0;
      for (int k = 0; k < 10; k++) {
        row = Math.max(row, (float) Math.abs(rows[channel * 10 + k]));
      }
      for (int k = 0; k < 5; k++) {
        column = Math.max(column, (float) Math.abs(columns[channel * 5 + k]));
      }
      assertThat(Math.abs(row - column)).isLessThanOrEqualTo(4 * Math.ulp(row));
    }
  }

  @Test
  void smoothingMovesTheLargeChannelIntoTheWeights() {
    Graph plain = SmallNetworks.NORMALIZED.graph(5);
    Reference reference = new Reference(plain, SmallNetworks.batches(plain, 5));
    Graph after = run(context(), plain, new SmoothActivations(reference, 0.5));
    double[] scale = after.constant(after.nodes().getFirst().input(1)).toDoubles();

    assertThat(Math.abs(scale[0])).isLessThan(2);
    assertThat(run(context(), after, new SmoothActivations(reference, 0)).nodes()).hasSize(3);
  }

  @Test
  void outliersGoThroughAFloatProductOfTheirOwn() {
    Graph plain = SmallNetworks.NORMALIZED.graph(5);
    List<Map<String, Tensor>> batches = SmallNetworks.batches(plain, 5);
    Graph split = run(context(), plain, new SplitOutliers(new Reference(plain, batches), 6));
    Graph fake = run(context(), split, placement(Improvement.OUTLIERS, batches));

    assertThat(split.nodes()).filteredOn(node -> node.calls(StandardOps.ADD)).hasSize(2);
    List<Node> quantized =
        fake.nodes().stream()
            .filter(
                node -> node.calls(StandardOps.MAT_MUL) || node.calls(StandardOps.FUSED_MAT_MUL))
            .filter(
                node -> {
                  Node producer = fake.producer(node.input(0));
                  return producer != null && producer.calls(QuantOps.FAKE_QUANT);
                })
            .toList();
    assertThat(quantized).extracting(Node::name).allMatch(name -> !name.contains("outlier_part"));
    assertThat(quantized).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(SmallNetworks.class)
  void targetLeavesLayersInFloatUntilItIsMet(SmallNetworks network) {
    Graph plain = network.graph(2);
    List<Map<String, Tensor>> batches = SmallNetworks.batches(plain, 2);
    Reference reference = new Reference(plain, batches);
    Graph fake =
        run(
            context(),
            plain,
            StandardPipelines.placement(QuantScheme.DEFAULT, CalibrationData.of(batches)));
    double reached = reference.decibels(fake, new ReferenceInterpreter());
    Target easy = new Target.Decibels(reached - 1);
    Target harder = new Target.Decibels(reached + 2);
    Target impossible = new Target.Decibels(Double.POSITIVE_INFINITY);

    assertThat(run(context(), fake, new LeaveSensitiveLayers(reference, easy))).isSameAs(fake);
    Graph some = run(context(), fake, new LeaveSensitiveLayers(reference, harder));
    assertThat(reference.decibels(some, new ReferenceInterpreter())).isGreaterThan(reached + 2);
    Graph none = run(context(), fake, new LeaveSensitiveLayers(reference, impossible));
    assertThat(none.nodes()).noneMatch(node -> node.calls(QuantOps.FAKE_QUANT));
  }
}
