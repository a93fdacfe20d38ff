package dev.fixpoint.grammar;

import java.util.function.Function;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.jspecify.annotations.Nullable;

/**
 * A language: its generated lexer and parser, and what else it takes to read a text with them.
 *
 * @param <P> the generated parser
 * @param lexicon the types of the tokens that both languages share
 * @param places where lists of literals begin
 * @param names the words of its error messages
 * @param hint what to add to some error messages
 * @param maxTokens how many words and signs a text may have
 */
record TextParsing<P extends Parser>(
    Function<CharStream, Lexer> lexer,
    Function<TokenStream, P> parser,
    Lexicon lexicon,
    LiteralPlaces places,
    TokenNames names,
    Hint hint,
    int maxTokens) {

  /**
   * The parse tree of a text.
   *
   * @param rule the generated method of the rule that the whole text follows
   * @throws SyntaxException at the first error
   */
  <T> T parse(SourceText source, Function<P, T> rule) {
    Lexer words = lexer.apply(new TextStream(source));
    words.removeErrorListeners();
    var tokens = new CommonTokenStream(new LiteralTokenSource(words, lexicon, places, maxTokens));
    P sentences = parser.apply(tokens);
    var listener = new SyntaxErrorListener(sentences, names, hint);
    sentences.removeErrorListeners();
    sentences.addErrorListener(listener);
    sentences.addParseListener(listener);
    sentences.setErrorHandler(new FirstErrorOnly());
    return rule.apply(sentences);
  }

  /** Repairs nothing: a look at the token behind the wrong one could find another error first. */
  private static final class FirstErrorOnly extends DefaultErrorStrategy {

    @Override
    protected @Nullable Token singleTokenDeletion(Parser recognizer) {
      return null;
    }
  }
}
