package dev.fixpoint.rulelang;

/** Thrown where an expression has no value at a match: the rule does not fire there. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refusal(String reason) {
    super(reason);
  }

  /** The reason, for people. */
  String reason() {
    String message = getMessage();
    return message == null ? "refused" : message;
  }
}
