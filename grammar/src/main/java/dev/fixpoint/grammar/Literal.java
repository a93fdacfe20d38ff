package dev.fixpoint.grammar;

import org.antlr.v4.runtime.ParserRuleContext;

/**
 * One literal: its spelling and its place. The value depends on the type that is asked for, so that
 * no digit is lost on the way.
 *
 * @param kind what it is by its spelling
 * @param written as it stands in the text, with quotes and escapes
 * @param range where it stands
 */
public record Literal(LiteralKind kind, String written, SourceRange range) {

  /**
   * The literal that a part of a parse tree is.
   *
   * @param context a rule that matches one literal, perhaps after a minus
   */
  public static Literal of(ParserRuleContext context) {
    String written = context.getText();
    return new Literal(Numerals.kindOf(written), written, SourceRange.of(context));
  }

  /**
   * The value as a signed integer of 64 bits.
   *
   * @throws SyntaxException if this is no integer, or outside of int64
   */
  public long longValue() {
    return Numerals.longValue(written, 0, written.length(), this::range);
  }

  /**
   * The bits of the value as an unsigned integer of 64 bits.
   *
   * @throws SyntaxException if this is no integer, or outside of uint64
   */
  public long unsignedLongValue() {
    return Numerals.unsignedLongValue(written, 0, written.length(), this::range);
  }

  /**
   * The float32 nearest to the value, ties to even. {@code -0} is minus zero, {@code -nan} a NaN
   * with its sign bit set.
   *
   * @throws SyntaxException if this is a string, or a finite number beyond float32
   */
  public float floatValue() {
    return Numerals.floatValue(written, this::range);
  }

  /**
   * The float64 nearest to the value, ties to even. {@code -0} is minus zero, {@code -nan} a NaN
   * with its sign bit set.
   *
   * @throws SyntaxException if this is a string, or a finite number beyond float64
   */
  public double doubleValue() {
    return Numerals.doubleValue(written, this::range);
  }

  /**
   * The characters of the string.
   *
   * @throws SyntaxException if this is a number
   */
  public String stringValue() {
    return Numerals.stringValue(written, this::range);
  }
}
