package dev.fixpoint.grammar;

import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.TerminalNode;

/**
 * A list of literals, of a tensor or an attribute, which takes four bytes per element beside its
 * text. Its elements are all numbers or all strings; each is converted when it is asked for, into
 * the type that is asked for, straight from its spelling.
 */
public final class LiteralList {

  private final SourceText source;
  private final int[] starts;
  private final LiteralKind kind;
  private final SourceRange range;

  LiteralList(SourceText source, int[] starts, LiteralKind kind, SourceRange range) {
    this.source = source;
    this.starts = starts;
    this.kind = kind;
    this.range = range;
  }

  /**
   * The list that a part of a parse tree is.
   *
   * @param context a rule that matches one token of literals, such as {@code internalData}
   */
  public static LiteralList of(ParserRuleContext context) {
    return ((LiteralListToken) context.getStart()).literals();
  }

  /** The list that a token of literals is. */
  public static LiteralList of(TerminalNode token) {
    return ((LiteralListToken) token.getSymbol()).literals();
  }

  /** How many elements there are. */
  public int size() {
    return starts.length;
  }

  /**
   * What the elements are: FLOAT if at least one is, among integers. An empty list, which contains
   * neither floats nor strings, says INTEGER.
   */
  public LiteralKind kind() {
    return kind;
  }

  /** What an element is by its spelling. */
  public LiteralKind kindAt(int index) {
    return Numerals.kindOf(writtenAt(index));
  }

  /** An element as it stands in the text, with quotes and escapes. */
  public String writtenAt(int index) {
    return source.text().substring(starts[index], end(index));
  }

  /** Where the list stands, with its brackets. */
  public SourceRange range() {
    return range;
  }

  /** Where an element stands. Counts lines from the beginning of the text: meant for errors. */
  public SourceRange rangeAt(int index) {
    return source.range(starts[index], end(index));
  }

  /** An element with its spelling and its place. Meant for errors; conversions are faster here. */
  public Literal literalAt(int index) {
    String written = writtenAt(index);
    return new Literal(Numerals.kindOf(written), written, rangeAt(index));
  }

  /**
   * An element as a signed integer of 64 bits.
   *
   * @throws SyntaxException if it is no integer, or outside of int64
   */
  public long longAt(int index) {
    return Numerals.longValue(source.text(), starts[index], end(index), () -> rangeAt(index));
  }

  /**
   * The bits of an element as an unsigned integer of 64 bits.
   *
   * @throws SyntaxException if it is no integer, or outside of uint64
   */
  public long unsignedLongAt(int index) {
    return Numerals.unsignedLongValue(
        source.text(), starts[index], end(index), () -> rangeAt(index));
  }

  /**
   * The float32 nearest to an element, ties to even; see {@link Literal#floatValue}.
   *
   * @throws SyntaxException if it is a string, or a finite number beyond float32
   */
  public float floatAt(int index) {
    return Numerals.floatValue(writtenAt(index), () -> rangeAt(index));
  }

  /**
   * The float64 nearest to an element, ties to even; see {@link Literal#doubleValue}.
   *
   * @throws SyntaxException if it is a string, or a finite number beyond float64
   */
  public double doubleAt(int index) {
    return Numerals.doubleValue(writtenAt(index), () -> rangeAt(index));
  }

  /**
   * The characters of an element that is a string.
   *
   * @throws SyntaxException if it is a number
   */
  public String stringAt(int index) {
    return Numerals.stringValue(writtenAt(index), () -> rangeAt(index));
  }

  /** The scanner has checked the spelling, so the end is where it cannot go on. */
  private int end(int index) {
    return LiteralScanner.endOf(source.text(), starts[index]);
  }

  /** The number of elements and where they stand: a list can be millions long. */
  @Override
  public String toString() {
    return size() + " literals at " + range;
  }
}
