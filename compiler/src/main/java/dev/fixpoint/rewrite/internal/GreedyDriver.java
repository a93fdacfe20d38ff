package dev.fixpoint.rewrite.internal;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.MatchResult;
import dev.fixpoint.rewrite.RewriteException;
import dev.fixpoint.rewrite.RewriteListener;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.rewrite.RuleSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies rules until none fires: a worklist in topological order, refilled with the neighbourhood
 * of each change. Rules that chase each other are stopped.
 */
public final class GreedyDriver {
  /** How often a rule may fire without shrinking the graph on what it made itself. */
  private static final int MAX_CHAIN = 64;

  /** Applications that do not shrink the graph: as many for each node that was there, and some. */
  private static final int GROWTH_PER_NODE = 16;

  private static final int GROWTH_AT_LEAST = 1024;

  private final Rewriter rewriter;
  private final RuleIndex rules;
  private final RewriteListener listener;
  private final SequencedSet<Node> work = new LinkedHashSet<>();
  private final Map<Node, Map<String, Integer>> chains = new HashMap<>();
  private final Map<String, Integer> applications = new HashMap<>();
  private long growthLeft;

  /** A driver for rules on what a rewriter holds. */
  public GreedyDriver(Rewriter rewriter, RuleSet rules, RewriteListener listener) {
    this.rewriter = rewriter;
    this.rules = new RuleIndex(rules);
    this.listener = listener;
  }

  /**
   * Applies the rules to a fixpoint.
   *
   * @throws RewriteException if rules chase each other
   */
  public void run() {
    work.addAll(rewriter.nodes());
    growthLeft = GROWTH_AT_LEAST + (long) GROWTH_PER_NODE * work.size();
    while (!work.isEmpty()) {
      Node node = work.removeFirst();
      if (rewriter.contains(node)) {
        visit(node);
      }
    }
  }

  private void visit(Node node) {
    for (RewriteRule rule : rules.candidates(node.opId())) {
      switch (rule.matchAt(rewriter.graph(), node)) {
        case MatchResult.Mismatch mismatch -> {
          if (!mismatch.structural()) {
            listener.refused(rule, node, mismatch);
          }
        }
        case Match match -> {
          RewriteRecord record = rewriter.apply(rule, match);
          if (record != null) {
            follow(rule, record);
            return;
          }
        }
      }
    }
  }

  private void follow(RewriteRule rule, RewriteRecord record) {
    applications.merge(rule.name(), 1, Integer::sum);
    Map<String, Integer> chain = new HashMap<>();
    long removed = record.before().stream().filter(node -> !rewriter.contains(node)).count();
    for (Node node : record.before()) {
      chains.getOrDefault(node, Map.of()).forEach((name, n) -> chain.merge(name, n, Math::max));
    }
    if (removed <= record.replacement().nodes().size()) {
      int length = chain.merge(rule.name(), 1, Integer::sum);
      growthLeft--;
      if (length > MAX_CHAIN || growthLeft < 0) {
        throw chase(rule, record);
      }
    }
    GraphView graph = rewriter.graph();
    for (Node node : record.replacement().nodes()) {
      chains.put(node, chain);
      add(node);
      node.inputs().forEach(input -> addProducer(graph, input));
      node.outputs().forEach(output -> addReaders(graph, output));
    }
    record.replacement().substitutions().values().forEach(value -> revisit(graph, value));
    for (Node node : record.before()) {
      node.inputs().forEach(input -> revisit(graph, input));
    }
  }

  private void revisit(GraphView graph, @Nullable Value value) {
    addProducer(graph, value);
    // A reader is worth another look only where it has become the only one.
    if (value != null && graph.useCount(value) == 1) {
      addReaders(graph, value);
    }
  }

  private void addReaders(GraphView graph, Value value) {
    graph.uses(value).forEach(use -> add(use.node()));
  }

  private void addProducer(GraphView graph, @Nullable Value value) {
    Node producer = value == null ? null : graph.producer(value);
    if (producer != null) {
      add(producer);
    }
  }

  private void add(Node node) {
    if (rewriter.contains(node)) {
      work.add(node);
    }
  }

  private RewriteException chase(RewriteRule rule, RewriteRecord record) {
    String top =
        applications.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(5)
            .map(entry -> entry.getKey() + " (" + entry.getValue() + " times)")
            .collect(Collectors.joining(", "));
    return new RewriteException(
        "rule '"
            + rule.name()
            + "' keeps firing on what it made, last at "
            + record.before().getFirst().describe()
            + "; fired most: "
            + top
            + "; let one of them refuse what another makes");
  }
}
