package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Node;

/** Is told what rewriting does. */
public interface RewriteListener {
  /** A listener that does nothing. */
  RewriteListener NONE = new RewriteListener() {};

  /** A rewrite was applied. */
  default void applied(RewriteRecord record) {}

  /** A rule's pattern fitted at a node, but the rule had to refuse. */
  default void refused(RewriteRule rule, Node node, MatchResult.Mismatch mismatch) {}
}
