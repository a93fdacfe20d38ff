package dev.fixpoint.grammar;

import java.util.ArrayList;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.ParseTreeListener;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/**
 * Turns the first error of a parser into a {@link SyntaxException}: {@code found ')', expected ','
 * or '>'}. It also follows the parse, to know the last token that fitted: after that one the
 * expectation is complete, while at the error the parser has already decided for some of the ways.
 */
final class SyntaxErrorListener extends BaseErrorListener implements ParseTreeListener {

  private final Parser parser;
  private final TokenNames names;
  private final Hint hint;
  private @Nullable ATNState last;
  private @Nullable ParserRuleContext context;
  private @Nullable Token lastToken;

  SyntaxErrorListener(Parser parser, TokenNames names, Hint hint) {
    this.parser = parser;
    this.names = names;
    this.hint = hint;
  }

  @Override
  public void syntaxError(
      Recognizer<?, ?> recognizer,
      @Nullable Object offendingSymbol,
      int line,
      int positionInLine,
      String message,
      @Nullable RecognitionException failure) {
    Token here = parser.getCurrentToken();
    var expected = new ExpectedTokens(parser, names);
    if (failure instanceof NoViableAltException dead && isAhead(dead, here)) {
      expected.addDeadEnds(dead);
      throw refusal(dead.getOffendingToken(), expected, null);
    }
    if (last == null || context == null || lastToken == null) {
      expected.addAfter(startOf(parser.getContext()), null);
      throw refusal(here, expected, null);
    }
    expected.addAfter(last, context);
    throw refusal(here, expected, hint.about(lastToken, context, here));
  }

  /** Whether a longer lookahead failed, and not already its first token. */
  private static boolean isAhead(NoViableAltException failure, Token here) {
    return failure.getDeadEndConfigs() != null
        && failure.getOffendingToken().getTokenIndex() > here.getTokenIndex();
  }

  private static SyntaxException refusal(
      Token found, ExpectedTokens expected, @Nullable String remark) {
    String problem = "found " + shown(found) + ", expected " + expected.inWords();
    return new SyntaxException(
        SourceRange.of(found), remark == null ? problem : problem + " (" + remark + ")");
  }

  private ATNState startOf(ParserRuleContext any) {
    ParserRuleContext root = any;
    while (root.getParent() != null) {
      root = root.getParent();
    }
    return parser.getATN().ruleToStartState[root.getRuleIndex()];
  }

  private static String shown(Token found) {
    return switch (found) {
      case LiteralListToken literals -> "a list of " + literals.literals().size() + " literals";
      case Token token when token.getType() == Token.EOF -> "the end of the text";
      default -> Spelling.shown(found.getText());
    };
  }

  @Override
  public void visitTerminal(TerminalNode node) {
    last = parser.getATN().states.get(parser.getState()).transition(0).target;
    context = parser.getContext();
    lastToken = node.getSymbol();
  }

  @Override
  public void visitErrorNode(ErrorNode node) {
    throw new IllegalStateException("the first error ends a parse: " + node);
  }

  @Override
  public void enterEveryRule(ParserRuleContext entered) {
    // Only tokens matter here.
  }

  /** Gives back the room for ten children that every list begins with: a quarter of a tree. */
  @Override
  public void exitEveryRule(ParserRuleContext left) {
    if (left.children instanceof ArrayList<ParseTree> children) {
      children.trimToSize();
    }
  }
}
