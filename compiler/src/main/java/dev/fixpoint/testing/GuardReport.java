package dev.fixpoint.testing;

import dev.fixpoint.rewrite.Condition.Kind;

/**
 * What generated graphs say of one thing that keeps a rule from firing: a condition, or a part of
 * the pattern that is as good as one.
 *
 * @param condition its text
 * @param kind what it guards
 * @param nearMisses graphs that fit but for this, on which the rule did not fire
 * @param need what goes wrong where the rule does not ask for it; empty where nothing did
 */
public record GuardReport(String condition, Kind kind, int nearMisses, String need) {
  /** Whether something goes wrong without it. */
  public boolean isNeeded() {
    return !need.isEmpty();
  }
}
