package dev.fixpoint.grammar;

/** What a literal is by its spelling; its type, as a rule, is declared elsewhere. */
public enum LiteralKind {
  /** Digits, perhaps with a minus: also a legal spelling of a float. */
  INTEGER,

  /** A number with a point or an exponent, {@code nan}, {@code inf} or {@code infinity}. */
  FLOAT,

  /** Characters in double quotes. */
  STRING
}
