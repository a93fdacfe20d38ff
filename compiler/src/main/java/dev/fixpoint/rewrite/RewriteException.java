package dev.fixpoint.rewrite;

/** A rewrite that would break the graph, or rules that chase each other: the mistake of a rule. */
public final class RewriteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message that names the rewrite and the place. */
  public RewriteException(String message) {
    super(message);
  }

  /** With a message that names the rewrite and the place, and what led to it. */
  public RewriteException(String message, Throwable cause) {
    super(message, cause);
  }
}
