package dev.fixpoint.rulelang;

import java.util.Arrays;

/** A comparison of numbers. */
enum Relation {
  EQUAL("=="),
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">=");

  private final String text;

  Relation(String text) {
    this.text = text;
  }

  /** The relation that a text spells. */
  static Relation ofText(String text) {
    return Arrays.stream(values()).filter(r -> r.text.equals(text)).findFirst().orElseThrow();
  }

  /** Whether it only asks for equality, and so holds for strings and types, too. */
  boolean isEquality() {
    return this == EQUAL || this == NOT_EQUAL;
  }

  boolean holds(double a, double b) {
    return switch (this) {
      case EQUAL -> a == b;
      case NOT_EQUAL -> a != b;
      case LESS -> a < b;
      case LESS_OR_EQUAL -> a <= b;
      case GREATER -> a > b;
      case GREATER_OR_EQUAL -> a >= b;
    };
  }

  boolean holds(long a, long b) {
    return switch (this) {
      case EQUAL -> a == b;
      case NOT_EQUAL -> a != b;
      case LESS -> a < b;
      case LESS_OR_EQUAL -> a <= b;
      case GREATER -> a > b;
      case GREATER_OR_EQUAL -> a >= b;
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
