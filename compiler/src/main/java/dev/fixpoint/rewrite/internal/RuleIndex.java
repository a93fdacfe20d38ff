package dev.fixpoint.rewrite.internal;

import dev.fixpoint.op.OpId;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which rules can start at an operator: highest benefit first, then in the order of the set. */
final class RuleIndex {
  private final Map<OpId, List<RewriteRule>> byRoot = new HashMap<>();

  RuleIndex(RuleSet rules) {
    List<RewriteRule> sorted = new ArrayList<>(rules.rules());
    sorted.sort(Comparator.comparingInt(RewriteRule::benefit).reversed());
    for (RewriteRule rule : sorted) {
      for (OpId op : rule.pattern().ops()) {
        byRoot.computeIfAbsent(op, _ -> new ArrayList<>()).add(rule);
      }
    }
  }

  List<RewriteRule> candidates(OpId op) {
    return byRoot.getOrDefault(op, List.of());
  }
}
