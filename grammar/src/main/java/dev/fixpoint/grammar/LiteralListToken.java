package dev.fixpoint.grammar;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenSource;
import org.antlr.v4.runtime.misc.Interval;
import org.antlr.v4.runtime.misc.Pair;

/** The token that stands for a whole list of literals, brackets included. */
final class LiteralListToken extends CommonToken {

  private static final long serialVersionUID = 1;
  private static final int LONGEST_TEXT = 200;

  private final transient LiteralList literals;

  /** A token that begins where its opening bracket does. */
  LiteralListToken(int type, Token open, TokenSource tokens, CharStream in, LiteralList literals) {
    super(
        new Pair<>(tokens, in),
        type,
        Token.DEFAULT_CHANNEL,
        open.getStartIndex(),
        literals.range().end() - 1);
    setLine(open.getLine());
    setCharPositionInLine(open.getCharPositionInLine());
    this.literals = literals;
  }

  LiteralList literals() {
    return literals;
  }

  /** The text, cut short: nobody wants millions of numbers in a message. */
  @Override
  public String getText() {
    int length = getStopIndex() + 1 - getStartIndex();
    int shown = Math.min(length, LONGEST_TEXT);
    String text =
        getInputStream().getText(Interval.of(getStartIndex(), getStartIndex() + shown - 1));
    return shown < length ? text + "…" : text;
  }
}
