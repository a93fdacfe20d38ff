package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Node;

/** What came of trying a rule at a node: a match, or a mismatch with its reason. */
public sealed interface MatchResult permits Match, MatchResult.Mismatch {
  /**
   * The rule does not fire there.
   *
   * @param reason what was found, for people
   * @param where the node to blame
   * @param structural whether already the pattern did not fit, as against a condition that failed
   */
  record Mismatch(String reason, Node where, boolean structural) implements MatchResult {
    @Override
    public String toString() {
      return where.describe() + ": " + reason;
    }
  }
}
