package dev.fixpoint.testing;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphVerifier;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.pass.RewritePass;
import dev.fixpoint.rewrite.MatchResult;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.testing.internal.Reports;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Holds a rewrite rule to what it promises: on graphs made from the rule alone, and on graphs in
 * ONNX text.
 *
 * <p>{@link #check()} needs nothing but the rule. It makes graphs that the pattern fits, lets the
 * conditions hold through their hooks, and puts things around them: other readers, outputs,
 * subgraphs, shared constants. On each the rule has to fire, the result has to verify and to stay
 * within the contract, over a box of inputs and at a point, and the rule must not fire for ever on
 * what it made. Then each condition is violated: the rule must not fire, and without the condition
 * something has to go wrong.
 *
 * <p>{@link #on} takes graphs in ONNX text ({@link GraphTemplate}):
 *
 * <pre>{@code
 * RuleTester.of(rule)
 *     .on("g (float[N] x) => (float[N] y) { t = Identity(x)  y = Relu(t) }")
 *     .becomes("g (float[N] x) => (float[N] y) { y = Relu(x) }");
 * }</pre>
 *
 * <p>{@code becomes} compares the graph after the rule with the text, then draws sizes, constants
 * and inputs: each time the rule has to fire once and not again, the graph has to verify, and its
 * outputs have to stay within the declared bound. What fails is an {@link AssertionError}.
 *
 * @param rule the rule
 * @param draws how many random graphs are tried
 * @param seed where the draws begin
 */
public record RuleTester(RewriteRule rule, int draws, long seed) {
  private static final int DRAWS = 25;
  private static final int TRIES_PER_DRAW = 400;
  private static final int GRAPHS = 200;
  private static final int GRAPHS_PER_MISS = 10;

  /** A tester of a rule, with 25 random graphs for each text. */
  public static RuleTester of(RewriteRule rule) {
    return new RuleTester(rule, DRAWS, 1);
  }

  /** This tester with another number of random graphs. */
  public RuleTester withDraws(int newDraws) {
    return new RuleTester(rule, newDraws, seed);
  }

  /** This tester with other random graphs. */
  public RuleTester withSeed(long newSeed) {
    return new RuleTester(rule, draws, newSeed);
  }

  /**
   * Checks the rule on 200 graphs that are made from the rule alone, and violates each of its
   * conditions.
   *
   * @throws AssertionError if the rule breaks a promise; with the smallest graph that shows it in
   *     ONNX text, and a seed
   */
  public RuleReport check() {
    return check(GRAPHS);
  }

  /**
   * As {@link #check()}, on a number of graphs.
   *
   * @throws AssertionError if the rule breaks a promise
   */
  public RuleReport check(int graphs) {
    return report(graphs).requireKept();
  }

  /** What generated graphs say of the rule, good or bad; the same seed says the same. */
  public RuleReport report(int graphs) {
    return Reports.of(rule, graphs, Math.max(1, graphs / GRAPHS_PER_MISS), seed);
  }

  /**
   * Applies the rule to the one graph that the seed draws.
   *
   * @throws AssertionError if the rule breaks a promise
   */
  public void checkOne() {
    Reports.of(rule, 1, 0, seed).requireKept();
  }

  /** A graph to try the rule on. */
  public On on(String text) {
    return on("before", text);
  }

  /**
   * A graph to try the rule on.
   *
   * @param name name of the text, for messages
   */
  public On on(String name, String text) {
    return new On(this, name, GraphTemplate.parse(name, text));
  }

  /**
   * What the random graphs showed.
   *
   * @param draws how many were tried
   * @param ratio largest observed difference over the declared one, 0 to 1
   */
  public record Report(int draws, double ratio) {}

  /** A rule and a graph to try it on. */
  public static final class On {
    private final RuleTester tester;
    private final String name;
    private final GraphTemplate before;

    private On(RuleTester tester, String name, GraphTemplate before) {
      this.tester = tester;
      this.name = name;
      this.before = before;
    }

    /**
     * Asserts that the rule fires, what becomes of the graph, and that its contract holds.
     *
     * @throws AssertionError if not
     */
    public Report becomes(String text) {
      GraphTemplate after = GraphTemplate.parse(name, text);
      SplittableRandom random = new SplittableRandom(tester.seed);
      compare(firing(random, true), after, random);
      double ratio = 0;
      for (int i = 0; i < tester.draws; i++) {
        ratio = Math.max(ratio, ratio(firing(random, false), random));
      }
      return new Report(tester.draws, ratio);
    }

    /**
     * Asserts that the rule leaves the graph alone, and why.
     *
     * @param reason part of the reason that the rule gives at one of the nodes
     * @throws AssertionError if it fires or gives other reasons
     */
    public void isRefused(String reason) {
      SplittableRandom random = new SplittableRandom(tester.seed);
      for (int i = 0; i < tester.draws; i++) {
        Graph graph = drawn(random, i == 0).graph();
        Outcome outcome = run(graph);
        if (outcome.after != graph || !outcome.records.isEmpty()) {
          throw failure("the rule fires, but should not: " + reason);
        }
        List<String> reasons = reasons(graph, outcome);
        if (reasons.stream().noneMatch(given -> given.contains(reason))) {
          throw failure("the rule does not say '" + reason + "', but " + reasons);
        }
      }
    }

    private List<String> reasons(Graph graph, Outcome outcome) {
      List<String> reasons = new ArrayList<>();
      outcome.refusals.forEach(refusal -> reasons.add(refusal.reason()));
      for (Node node : graph.nodes()) {
        addReason(tester.rule.matchAt(graph, node), reasons);
      }
      return reasons;
    }

    private static void addReason(MatchResult result, List<String> reasons) {
      if (result instanceof MatchResult.Mismatch mismatch && !reasons.contains(mismatch.reason())) {
        reasons.add(mismatch.reason());
      }
    }

    private record Outcome(
        Graph after, List<RewriteRecord> records, List<PassContext.Refusal> refusals) {}

    private record Firing(GraphTemplate.Draw draw, Outcome outcome) {}

    private Outcome run(Graph graph) {
      PassContext context = new PassContext(new ReferenceInterpreter(), Draws.ranges(graph));
      Pipeline pipeline =
          Pipeline.builder()
              .then(new RewritePass(tester.rule.name(), RuleSet.of(tester.rule)))
              .build();
      Graph after = new PassManager(pipeline, List.of()).run(graph, context);
      return new Outcome(after, context.records(), context.refusals());
    }

    private GraphTemplate.Draw drawn(SplittableRandom random, boolean symbolic) {
      for (int i = 0; i < TRIES_PER_DRAW; i++) {
        Optional<GraphTemplate.Draw> draw = before.draw(random, symbolic);
        if (draw.isPresent()) {
          return draw.get();
        }
      }
      before.with(Map.of(), random);
      throw failure("no sizes are found that fit each other; give some of them as numbers");
    }

    /** A random graph on which the rule fires; its conditions may rule some out. */
    private Firing firing(SplittableRandom random, boolean symbolic) {
      List<String> reasons = List.of();
      for (int i = 0; i < TRIES_PER_DRAW; i++) {
        GraphTemplate.Draw draw = drawn(random, symbolic);
        Outcome outcome = run(draw.graph());
        if (outcome.records.size() == 1) {
          return new Firing(draw, outcome);
        }
        if (outcome.records.size() > 1) {
          throw failure(
              "the rule fires " + outcome.records.size() + " times; a case has it fire once");
        }
        reasons = reasons(draw.graph(), outcome);
      }
      throw failure("the rule does not fire: " + reasons);
    }

    private void compare(Firing firing, GraphTemplate after, SplittableRandom random) {
      Graph expected = after.with(firing.draw.sizes(), random);
      CanonicalGraph.difference(expected, after.openConstants(), firing.outcome.after)
          .ifPresent(
              difference -> {
                throw failure(difference);
              });
    }

    /** Largest difference over the bound, for random inputs of a graph before and after. */
    private double ratio(Firing firing, SplittableRandom random) {
      Graph graph = firing.draw.graph();
      Outcome outcome = firing.outcome;
      GraphVerifier.verify(outcome.after);
      if (run(outcome.after).after != outcome.after) {
        throw failure("the rule fires a second time on what it made");
      }
      Map<String, Tensor> inputs = Draws.inputs(graph, random);
      Map<String, Tensor> expected = new ReferenceInterpreter().prepare(graph).evaluate(inputs);
      Map<String, Tensor> actual =
          new ReferenceInterpreter().prepare(outcome.after).evaluate(inputs);
      double ratio = 0;
      for (Value output : graph.outputs()) {
        ErrorBound bound = bound(outcome.records.getFirst(), output);
        Verdict verdict =
            bound.check(
                Objects.requireNonNull(expected.get(output.name())),
                Objects.requireNonNull(actual.get(output.name())));
        if (!verdict.holds()) {
          throw failure(
              "output '"
                  + output
                  + "' leaves the bound that the rule declares, for sizes "
                  + firing.draw.sizes()
                  + ": "
                  + verdict);
        }
        ratio = Math.max(ratio, verdict.ratio());
      }
      return ratio;
    }

    private ErrorBound bound(RewriteRecord record, Value output) {
      if (record.bounds().values().stream().allMatch(bound -> bound instanceof ErrorBound.Exact)) {
        return ErrorBound.EXACT;
      }
      return record.bounds().entrySet().stream()
          .filter(entry -> entry.getKey().name().equals(output.name()))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElseThrow(
              () ->
                  failure(
                      "output '"
                          + output
                          + "' is not what the rule makes anew; make it an output"));
    }

    private AssertionError failure(String problem) {
      return new AssertionError(tester.rule.name() + " on " + name + ": " + problem);
    }
  }
}
