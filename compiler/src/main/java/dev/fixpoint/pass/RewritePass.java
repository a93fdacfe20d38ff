package dev.fixpoint.pass;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.rewrite.internal.GreedyDriver;
import java.util.Set;

/**
 * A pass that applies rules until none fires.
 *
 * @param name name of the pass
 * @param rules the rules
 * @param requires what must have been established before
 * @param establishes what holds when no rule fires any more
 */
public record RewritePass(
    String name, RuleSet rules, Set<GraphProperty> requires, Set<GraphProperty> establishes)
    implements Pass {
  /** A pass that requires and establishes nothing by name. */
  public RewritePass(String name, RuleSet rules) {
    this(name, rules, Set.of(), Set.of());
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    return context.rewrite(
        graph, rewriter -> new GreedyDriver(rewriter, rules, context.listener()).run());
  }
}
