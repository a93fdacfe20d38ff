package dev.fixpoint.grammar;

import java.io.Serializable;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/**
 * A stretch of a text, for error messages: printed as {@code model.onnxtxt:3:7}.
 *
 * @param source the name of the text, as a rule a file name
 * @param line the line of the first character, from 1
 * @param column the column of the first character, from 1, in UTF-16 units
 * @param start the offset of the first character in the text
 * @param end the offset after the last character; equal to {@code start} at the end of the text
 */
public record SourceRange(String source, int line, int column, int start, int end)
    implements Serializable {

  /** The range of one token. */
  public static SourceRange of(Token token) {
    int start = token.getStartIndex();
    return new SourceRange(
        nameOf(token),
        token.getLine(),
        token.getCharPositionInLine() + 1,
        start,
        Math.max(start, token.getStopIndex() + 1));
  }

  /** The range from the first to the last token of a part of a parse tree. */
  public static SourceRange of(ParserRuleContext context) {
    SourceRange first = of(context.getStart());
    Token last = context.getStop();
    return last == null || last.getStopIndex() < first.start
        ? new SourceRange(first.source, first.line, first.column, first.start, first.start)
        : new SourceRange(
            first.source, first.line, first.column, first.start, last.getStopIndex() + 1);
  }

  private static String nameOf(Token token) {
    return token.getTokenSource().getSourceName();
  }

  /** The place where the range begins: {@code source:line:column}. */
  @Override
  public String toString() {
    return source + ":" + line + ":" + column;
  }
}
