package dev.fixpoint.grammar;

import org.antlr.v4.runtime.Vocabulary;

/**
 * The token types of the words in {@code TextLexicon.g4}, which ANTLR numbers anew in each grammar
 * that imports them.
 */
record Lexicon(
    int openingParenthesis,
    int closingParenthesis,
    int openingBracket,
    int closingBracket,
    int openingBrace,
    int closingBrace,
    int bracedLiterals,
    int bracketedLiterals,
    int unterminated) {

  /** The types in a parser's vocabulary: its lexer does not know those that it never makes. */
  static Lexicon of(Vocabulary vocabulary) {
    return new Lexicon(
        type(vocabulary, "LPAREN"),
        type(vocabulary, "RPAREN"),
        type(vocabulary, "LBRACKET"),
        type(vocabulary, "RBRACKET"),
        type(vocabulary, "LBRACE"),
        type(vocabulary, "RBRACE"),
        type(vocabulary, "BRACED_LITERALS"),
        type(vocabulary, "BRACKETED_LITERALS"),
        type(vocabulary, "UNTERMINATED"));
  }

  private static int type(Vocabulary vocabulary, String name) {
    for (int type = 1; type <= vocabulary.getMaxTokenType(); type++) {
      if (name.equals(vocabulary.getSymbolicName(type))) {
        return type;
      }
    }
    throw new IllegalArgumentException("no token " + name + " in this grammar");
  }

  boolean isOpening(int type) {
    return type == openingParenthesis || type == openingBracket || type == openingBrace;
  }

  boolean isClosing(int type) {
    return type == closingParenthesis || type == closingBracket || type == closingBrace;
  }
}
