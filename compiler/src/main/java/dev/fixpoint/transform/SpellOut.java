package dev.fixpoint.transform;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The decompositions of {@link StandardRules}, for operators alone that an opset lacks. */
final class SpellOut {
  /** Since when operators mean what they do, where that is later than when they came. */
  private static final Map<OpId, Integer> MEANING = Map.of(StandardOps.SOFTMAX.id(), 13);

  private SpellOut() {}

  /** The rules for writing in an opset. */
  static RuleSet forOpset(int opset) {
    List<RewriteRule> rules = new ArrayList<>();
    for (RewriteRule rule : StandardRules.decompositions().rules()) {
      List<Condition> conditions = new ArrayList<>(rule.conditions());
      conditions.add(isMissing(opset));
      rules.add(rule.looking(rule.pattern(), conditions));
    }
    return new RuleSet(rules);
  }

  private static Condition isMissing(int opset) {
    return new Condition(
        "opset " + opset + " lacks the operator",
        Condition.Kind.PROFIT,
        match ->
            since(match.root()) > opset
                ? Optional.empty()
                : Optional.of("opset " + opset + " has " + match.root().opId()),
        null,
        null);
  }

  private static int since(Node node) {
    return MEANING.getOrDefault(node.opId(), node.op().schema().versions().getFirst());
  }
}
