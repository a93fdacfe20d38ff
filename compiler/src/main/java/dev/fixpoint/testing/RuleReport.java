package dev.fixpoint.testing;

import dev.fixpoint.rewrite.RewriteRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What generated graphs say of a rule.
 *
 * @param rule the rule
 * @param graphs graphs on which it fired and kept every promise
 * @param ratios largest difference observed over the one declared, 0 to 1, by the number of
 *     products in a sum, such as {@code K < 32}; empty where the contract is exact
 * @param guards what keeps the rule from firing
 * @param failures broken promises, each with the smallest graph that shows it, and a seed
 * @param remarks guards that were not exercised or that nothing needs, bounds that say little
 */
public record RuleReport(
    RewriteRule rule,
    int graphs,
    Map<String, Double> ratios,
    List<GuardReport> guards,
    List<String> failures,
    List<String> remarks) {
  /** Keeps immutable copies. */
  public RuleReport {
    ratios = Collections.unmodifiableMap(new LinkedHashMap<>(ratios));
    guards = List.copyOf(guards);
    failures = List.copyOf(failures);
    remarks = List.copyOf(remarks);
  }

  /**
   * This report, if the rule kept its promises.
   *
   * @throws AssertionError if not, with what is wrong
   */
  public RuleReport requireKept() {
    return require(failures);
  }

  /**
   * This report, if the rule kept its promises and nothing is left to remark: what a catalogue asks
   * of its rules.
   *
   * @throws AssertionError if not, with what is wrong
   */
  public RuleReport requireFlawless() {
    List<String> all = new ArrayList<>(failures);
    all.addAll(remarks);
    return require(all);
  }

  private RuleReport require(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new AssertionError(rule.name() + ": " + String.join("\n", problems));
    }
    return this;
  }
}
