package dev.fixpoint.rewrite;

/** Thrown by a replacement function that finds, while computing, that the rule must not fire. */
public final class RefusedRewrite extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedRewrite(String reason) {
    super(reason);
  }
}
