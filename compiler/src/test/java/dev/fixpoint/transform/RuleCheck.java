package dev.fixpoint.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphVerifier;
import dev.fixpoint.ir.Value;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.pass.RewritePass;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs one rule on a graph and holds the result to the bound that the rule declares. */
final class RuleCheck {
  private static final double MAGNITUDE = 4;

  /** What became of a graph. */
  record Outcome(Graph after, List<RewriteRecord> records, List<PassContext.Refusal> refusals) {}

  private RuleCheck() {}

  static Outcome run(Graph graph, RewriteRule rule) {
    PassContext context = new PassContext(new ReferenceInterpreter(), ranges(graph));
    Pipeline pipeline = Pipeline.builder().then(new RewritePass("one", RuleSet.of(rule))).build();
    Graph after = new PassManager(pipeline, List.of()).run(graph, context);
    return new Outcome(after, context.records(), context.refusals());
  }

  /**
   * Fires the rule once and compares before and after on random inputs: within the bound, and using
   * at least some of it.
   *
   * @return largest observed difference over the declared one
   */
  static double checkFires(Graph graph, RewriteRule rule, long seed) {
    Outcome outcome = run(graph, rule);
    assertThat(outcome.records()).as("rewrites of %s", rule).hasSize(1);
    GraphVerifier.verify(outcome.after());
    assertThat(run(outcome.after(), rule).after()).isSameAs(outcome.after());
    ErrorBound bound = outcome.records().getFirst().bound();
    Map<String, Tensor> inputs = inputs(graph, new Random(seed));
    Map<String, Tensor> before = new ReferenceInterpreter().prepare(graph).evaluate(inputs);
    Map<String, Tensor> after =
        new ReferenceInterpreter().prepare(outcome.after()).evaluate(inputs);
    double ratio = 0;
    for (Map.Entry<String, Tensor> output : before.entrySet()) {
      Verdict verdict = bound.check(output.getValue(), after.get(output.getKey()));
      assertThat(verdict.holds()).as("%s: %s", output.getKey(), verdict).isTrue();
      ratio = Math.max(ratio, verdict.ratio());
    }
    return ratio;
  }

  private static Map<String, Range> ranges(Graph graph) {
    Map<String, Range> ranges = new LinkedHashMap<>();
    graph.inputs().forEach(input -> ranges.put(input.name(), Range.of(-MAGNITUDE, MAGNITUDE)));
    return ranges;
  }

  private static Map<String, Tensor> inputs(Graph graph, Random random) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      double[] values = new double[(int) graph.type(input).shape().elementCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (random.nextDouble() * 2 - 1) * MAGNITUDE * 0.999;
      }
      inputs.put(
          input.name(), Tensor.ofDoubles(ElementType.FLOAT, graph.type(input).shape(), values));
    }
    return inputs;
  }
}
