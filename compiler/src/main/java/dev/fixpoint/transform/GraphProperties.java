package dev.fixpoint.transform;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.pass.GraphProperty;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.RewriteListener;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.rewrite.RuleSet;
import java.util.Map;
import java.util.Optional;

/** What the float passes establish, with the checks. */
public final class GraphProperties {
  /** No rule that folds or cleans up fires any more. */
  public static final GraphProperty FOLDED =
      new GraphProperty(
          "FOLDED",
          graph ->
              firing(
                  graph,
                  StandardRules.CLEAN_UP.plus(StandardRules.RECOGNIZE).plus(StandardRules.FOLD)));

  /** Activations and residuals are part of the operators before them. */
  public static final GraphProperty FUSED =
      new GraphProperty("FUSED", graph -> firing(graph, StandardRules.FUSE));

  private GraphProperties() {}

  private static Optional<String> firing(Graph graph, RuleSet rules) {
    for (Node node : graph.nodes()) {
      for (RewriteRule rule : rules.rules()) {
        if (fires(graph, rule, node)) {
          return Optional.of("rule '" + rule.name() + "' still fires at " + node.describe());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean fires(Graph graph, RewriteRule rule, Node node) {
    return rule.pattern().ops().contains(node.opId())
        && rule.matchAt(graph, node) instanceof Match match
        && new Rewriter(graph, Map.of(), RewriteListener.NONE).apply(rule, match) != null;
  }
}
