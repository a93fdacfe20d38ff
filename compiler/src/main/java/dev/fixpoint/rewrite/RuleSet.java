package dev.fixpoint.rewrite;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rules in an order; earlier ones win where benefits are equal.
 *
 * @param rules the rules, with different names
 */
public record RuleSet(List<RewriteRule> rules) {
  /** Keeps an immutable copy and refuses two rules of the same name. */
  public RuleSet {
    rules = List.copyOf(rules);
    Set<String> names = new HashSet<>();
    for (RewriteRule rule : rules) {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException("two rules are named '" + rule.name() + "'");
      }
    }
  }

  /** A set of the given rules. */
  public static RuleSet of(RewriteRule... rules) {
    return new RuleSet(List.of(rules));
  }

  /** The rules of both, this set's first. */
  public RuleSet plus(RuleSet other) {
    List<RewriteRule> all = new ArrayList<>(rules);
    all.addAll(other.rules);
    return new RuleSet(all);
  }

  /** These rules and one more. */
  public RuleSet plus(RewriteRule rule) {
    return plus(of(rule));
  }

  /** The rule with a name, if there is one. */
  public Optional<RewriteRule> find(String name) {
    return rules.stream().filter(rule -> rule.name().equals(name)).findFirst();
  }
}
