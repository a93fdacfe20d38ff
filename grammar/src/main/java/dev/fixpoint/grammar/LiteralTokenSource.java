package dev.fixpoint.grammar;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenFactory;
import org.antlr.v4.runtime.TokenSource;

/**
 * The tokens of a text, between lexer and parser: it makes one token of a list of literals, counts
 * the open brackets, and refuses what is too deep, too long or too much before anything is built
 * from it.
 */
final class LiteralTokenSource implements TokenSource {

  private final SourceText source;
  private final TextStream in;
  private final Lexer lexer;
  private final Lexicon lexicon;
  private final LiteralPlaces places;
  private final int maxTokens;
  private int previous = Token.EOF;
  private int nesting;
  private int tokens;

  LiteralTokenSource(Lexer lexer, Lexicon lexicon, LiteralPlaces places, int maxTokens) {
    this.in = (TextStream) lexer.getInputStream();
    this.source = in.source();
    this.lexer = lexer;
    this.lexicon = lexicon;
    this.places = places;
    this.maxTokens = maxTokens;
  }

  @Override
  public Token nextToken() {
    Token token = lexer.nextToken();
    if (lexicon.isOpening(token.getType())) {
      token = enter(token);
    } else if (lexicon.isClosing(token.getType())) {
      nesting = Math.max(0, nesting - 1);
    } else {
      requireBounded(token);
    }
    if (++tokens > maxTokens) {
      throw new SyntaxException(
          SourceRange.of(token),
          "found more than %,d words and signs, expected a shorter text".formatted(maxTokens));
    }
    previous = token.getType();
    return token;
  }

  private Token enter(Token bracket) {
    if (nesting == Limits.NESTING) {
      throw new SyntaxException(
          SourceRange.of(bracket),
          "found %s at level %d of nesting, expected at most %d levels"
              .formatted(Spelling.shown(bracket.getText()), nesting + 1, Limits.NESTING));
    }
    int type = bracket.getType();
    if (places.opensLiterals(previous, type, source.text(), in.index())) {
      return literals(bracket, type == lexicon.openingBrace());
    }
    nesting++;
    return bracket;
  }

  private Token literals(Token open, boolean braces) {
    LiteralList literals = LiteralScanner.scan(source, SourceRange.of(open), braces ? '}' : ']');
    moveTo(literals.range().end());
    int type = braces ? lexicon.bracedLiterals() : lexicon.bracketedLiterals();
    return new LiteralListToken(type, open, this, in, literals);
  }

  /** Lets the lexer go on behind a stretch of text that it has not seen. */
  private void moveTo(int end) {
    int line = lexer.getLine();
    int lineStart = in.index() - lexer.getCharPositionInLine();
    for (int i = lineBreak(in.index(), end); i >= 0; i = lineBreak(i + 1, end)) {
      line++;
      lineStart = i + 1;
    }
    in.seek(end);
    lexer.getInterpreter().setLine(line);
    lexer.getInterpreter().setCharPositionInLine(end - lineStart);
  }

  private int lineBreak(int from, int end) {
    return source.text().indexOf('\n', from, end);
  }

  private void requireBounded(Token token) {
    int length = token.getStopIndex() + 1 - token.getStartIndex();
    if (token.getType() == lexicon.unterminated()) {
      throw new SyntaxException(SourceRange.of(token), "this string has no closing '\"'");
    }
    if (length <= Limits.NUMBER) {
      return;
    }
    String text = source.text();
    int first = text.charAt(token.getStartIndex());
    if (first == '"') {
      requireLength(token, "string", length, Limits.STRING);
    } else if (Spelling.isLetter(first)) {
      requireLength(token, "name", length, Limits.NAME);
    } else {
      requireLength(token, "number", length, Limits.NUMBER);
    }
  }

  private static void requireLength(Token token, String what, int length, int limit) {
    if (length > limit) {
      throw new SyntaxException(
          SourceRange.of(token),
          "found a %s of %,d characters, expected at most %,d".formatted(what, length, limit));
    }
  }

  @Override
  public int getLine() {
    return lexer.getLine();
  }

  @Override
  public int getCharPositionInLine() {
    return lexer.getCharPositionInLine();
  }

  @Override
  public CharStream getInputStream() {
    return in;
  }

  @Override
  public String getSourceName() {
    return source.name();
  }

  @Override
  public void setTokenFactory(TokenFactory<?> factory) {
    lexer.setTokenFactory(factory);
  }

  @Override
  public TokenFactory<?> getTokenFactory() {
    return lexer.getTokenFactory();
  }
}
