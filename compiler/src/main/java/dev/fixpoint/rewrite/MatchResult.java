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
   * @param progress how many nodes, values and conditions of the rule fitted before
   */
  record Mismatch(String reason, Node where, boolean structural, int progress)
      implements MatchResult {
    /** A mismatch of which it is not known how much of the rule fitted. */
    public Mismatch(String reason, Node where, boolean structural) {
      this(reason, where, structural, 0);
    }

    /** Whether this says more of the rule than another one: a condition more than the pattern. */
    public boolean tellsMoreThan(Mismatch other) {
      return structural == other.structural ? progress > other.progress : other.structural;
    }

    @Override
    public String toString() {
      return where.describe() + ": " + reason;
    }
  }
}
