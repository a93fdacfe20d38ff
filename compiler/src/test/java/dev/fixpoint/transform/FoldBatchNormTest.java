package dev.fixpoint.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.BatchNormalization;
import dev.fixpoint.op.standard.Conv;
import dev.fixpoint.op.standard.Gemm;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.transform.fold.FoldBatchNormIntoConv;
import dev.fixpoint.transform.fold.FoldBatchNormIntoGemm;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

class FoldBatchNormTest {
  private static Graph convolution(
      long seed, int group, int inputs, int outputs, boolean bias, Attributes normAttributes) {
    RuleGraphs graphs = new RuleGraphs(seed);
    Value x = graphs.input(2, (long) group * inputs, 5, 4);
    Value w = graphs.weights("w", (long) group * outputs, inputs, 3, 2);
    Value b = bias ? graphs.weights("b", (long) group * outputs) : null;
    Attributes attributes =
        Attributes.NONE
            .with(Conv.GROUP, (long) group)
            .with(WindowGeometry.PADS, List.of(1L, 0L, 0L, 1L))
            .with(WindowGeometry.STRIDES, List.of(2L, 1L));
    Value t = graphs.builder().call("conv", StandardOps.CONV, attributes, x, w, b);
    Value y = graphs.batchNorm(t, group * outputs, normAttributes);
    return graphs.builder().output(y).build();
  }

  @Property
  void convolutionOfAnyGroupingStaysWithinItsBound(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int group,
      @ForAll @IntRange(min = 1, max = 3) int inputs,
      @ForAll @IntRange(min = 1, max = 3) int outputs,
      @ForAll boolean bias) {
    Graph graph = convolution(seed, group, inputs, outputs, bias, Attributes.NONE);

    double ratio = RuleCheck.checkFires(graph, FoldBatchNormIntoConv.RULE, seed);

    Statistics.label("bound is used by a hundredth or more")
        .collect(ratio >= 1e-2)
        .coverage(checker -> checker.check(true).percentage(share -> share > 50));
  }

  @Property
  void gemmStaysWithinItsBound(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int depth,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll boolean transposed,
      @ForAll @IntRange(min = 0, max = 3) int bias) {
    RuleGraphs graphs = new RuleGraphs(seed);
    Value a = graphs.input(3, depth);
    Value b =
        transposed ? graphs.weights("b", columns, depth) : graphs.weights("b", depth, columns);
    Value c =
        switch (bias) {
          case 1 -> graphs.weights("c");
          case 2 -> graphs.weights("c", columns);
          case 3 -> graphs.weights("c", 1, columns);
          default -> null;
        };
    Attributes attributes =
        Attributes.NONE
            .with(Gemm.ALPHA, 0.5f)
            .with(Gemm.BETA, 2f)
            .with(Gemm.TRANS_B, transposed ? 1L : 0L);
    Value t = graphs.builder().call("gemm", StandardOps.GEMM, attributes, a, b, c);
    Graph graph = graphs.builder().output(graphs.batchNorm(t, columns, Attributes.NONE)).build();

    RuleCheck.checkFires(graph, FoldBatchNormIntoGemm.RULE, seed);
  }

  @Test
  void addendThatDiffersBetweenRowsIsRefused() {
    RuleGraphs graphs = new RuleGraphs(1);
    Value a = graphs.input(3, 4);
    Value t =
        graphs
            .builder()
            .call(
                "gemm",
                StandardOps.GEMM,
                Attributes.NONE,
                a,
                graphs.weights("b", 4, 2),
                graphs.weights("c", 3, 2));
    Graph graph = graphs.builder().output(graphs.batchNorm(t, 2, Attributes.NONE)).build();

    RuleCheck.Outcome outcome = RuleCheck.run(graph, FoldBatchNormIntoGemm.RULE);

    assertThat(outcome.after()).isSameAs(graph);
    assertThat(outcome.refusals())
        .singleElement()
        .satisfies(
            refusal ->
                assertThat(refusal.reason()).isEqualTo("not so: c does not differ between rows"));
  }

  @Test
  void normalizationInTrainingModeIsRefused() {
    Graph graph =
        convolution(1, 1, 2, 3, true, Attributes.NONE.with(BatchNormalization.TRAINING_MODE, 1L));

    RuleCheck.Outcome outcome = RuleCheck.run(graph, FoldBatchNormIntoConv.RULE);

    assertThat(outcome.after()).isSameAs(graph);
    assertThat(outcome.refusals())
        .extracting(refusal -> refusal.reason())
        .containsExactly("not so: norm is in inference mode");
  }

  @Test
  void convolutionThatIsReadElsewhereKeepsItsNormalization() {
    RuleGraphs graphs = new RuleGraphs(3);
    Value x = graphs.input(1, 2, 4, 4);
    Value t =
        graphs
            .builder()
            .call("conv", StandardOps.CONV, Attributes.NONE, x, graphs.weights("w", 3, 2, 1, 1));
    Value y = graphs.batchNorm(t, 3, Attributes.NONE);
    Graph graph = graphs.builder().output(y).output(t).build();

    assertThat(RuleCheck.run(graph, FoldBatchNormIntoConv.RULE).after()).isSameAs(graph);
  }

  @Test
  void weightsSharedByTwoConvolutionsAreFoldedApart() {
    RuleGraphs graphs = new RuleGraphs(4);
    Value x = graphs.input(1, 2, 4, 4);
    Value w = graphs.weights("w", 3, 2, 1, 1);
    Value first = graphs.builder().call("c1", StandardOps.CONV, Attributes.NONE, x, w);
    Value second = graphs.builder().call("c2", StandardOps.CONV, Attributes.NONE, x, w);
    Value y1 = graphs.batchNorm(first, 3, Attributes.NONE);
    Value y2 = graphs.batchNorm(second, 3, Attributes.NONE);
    Graph graph = graphs.builder().output(y1).output(y2).build();

    RuleCheck.Outcome outcome = RuleCheck.run(graph, FoldBatchNormIntoConv.RULE);

    assertThat(outcome.records()).hasSize(2);
    assertThat(outcome.after().nodes()).extracting(n -> n.opId().name()).containsOnly("Conv");
    assertThat(outcome.after().initializers()).hasSize(4);
  }
}
