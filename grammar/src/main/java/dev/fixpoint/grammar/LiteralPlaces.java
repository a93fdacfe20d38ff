package dev.fixpoint.grammar;

/**
 * Where in a language an opening bracket begins a list of literals: decided by the token before it
 * and the characters behind it, because the parser has not been there yet.
 */
interface LiteralPlaces {

  /**
   * Whether the bracket begins a list of literals.
   *
   * @param previous the type of the token before the bracket, EOF at the beginning of the text
   * @param bracket the type of the bracket
   * @param text the whole text
   * @param next the offset after the bracket
   */
  boolean opensLiterals(int previous, int bracket, String text, int next);
}
