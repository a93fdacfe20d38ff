package dev.fixpoint.testing.internal;

/** A draw that came to nothing; the next one may. Thrown often, so that it has no stack trace. */
public final class RejectedDraw extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A rejection with its reason. */
  public RejectedDraw(String reason) {
    super(reason, null, false, false);
  }
}
