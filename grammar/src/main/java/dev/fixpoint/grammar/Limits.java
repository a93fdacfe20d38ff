package dev.fixpoint.grammar;

/** How large the parts of a text may be. What honest files contain stays far below. */
final class Limits {

  /** Open brackets at one place, of graphs in attributes, types in types, and expressions. */
  static final int NESTING = 64;

  /** Characters of a whole text. */
  static final int TEXT = 1 << 30;

  /** Tokens of a model, a list of literals being one. Their tree takes some 260 bytes each. */
  static final int ONNX_TOKENS = 1_500_000;

  /** Tokens of a file of rules. Their tree takes some 500 bytes each. */
  static final int RULE_TOKENS = 200_000;

  /** Characters of a number: the smallest double needs 1,076 when written without an exponent. */
  static final int NUMBER = 1_200;

  /** Characters of an unquoted name. */
  static final int NAME = 65_536;

  /** Characters of a quoted string. */
  static final int STRING = 1 << 24;

  private Limits() {}
}
