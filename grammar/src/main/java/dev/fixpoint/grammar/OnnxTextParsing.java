package dev.fixpoint.grammar;

import java.util.Map;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/**
 * The parse trees of texts in ONNX's textual syntax. A tree says nothing of whether operators,
 * types or names exist; visit it with {@link OnnxTextBaseVisitor}, take names with {@link
 * OnnxNames} and {@link Spelling}, values with {@link Literal} and {@link LiteralList}, and places
 * with {@link SourceRange}.
 *
 * <p>Lists of literals, however long, are one token each. Every method throws {@link
 * SyntaxException} at the first error, also for more than 64 open brackets, names and strings of
 * absurd length, and more than 1,500,000 tokens.
 */
public final class OnnxTextParsing {

  private static final TokenNames NAMES =
      new TokenNames(
          OnnxTextParser.VOCABULARY,
          Map.of(
              OnnxTextParser.RULE_id, "a name",
              OnnxTextParser.RULE_quotableId, "a name",
              OnnxTextParser.RULE_type, "a type",
              OnnxTextParser.RULE_tensorType, "a type"),
          OnnxTextParsing::isName);

  private static final TextParsing<OnnxTextParser> LANGUAGE =
      new TextParsing<>(
          OnnxTextLexer::new,
          OnnxTextParser::new,
          Lexicon.of(OnnxTextParser.VOCABULARY),
          OnnxTextParsing::opensLiterals,
          NAMES,
          OnnxTextParsing::hint,
          Limits.ONNX_TOKENS);

  private OnnxTextParsing() {}

  /** A model: a header, which may be missing, a graph and functions. */
  public static OnnxTextParser.ModelContext parseModel(SourceText source) {
    return LANGUAGE.parse(source, OnnxTextParser::modelText).model();
  }

  /** A graph without a model around it. */
  public static OnnxTextParser.GraphContext parseGraph(SourceText source) {
    return LANGUAGE.parse(source, OnnxTextParser::graphText).graph();
  }

  /** Any number of functions: {@code function()} of the result. */
  public static OnnxTextParser.FunctionListTextContext parseFunctions(SourceText source) {
    return LANGUAGE.parse(source, OnnxTextParser::functionListText);
  }

  /** Any number of nodes, with or without braces around them. */
  public static OnnxTextParser.NodeListTextContext parseNodes(SourceText source) {
    return LANGUAGE.parse(source, OnnxTextParser::nodeListText);
  }

  private static @Nullable String hint(Token previous, RuleContext context, Token found) {
    if (previous.getType() != OnnxTextParser.ID
        || !(context.getParent() instanceof OnnxTextParser.QuotableIdContext name)) {
      return null;
    }
    String word = Spelling.shown(previous.getText());
    return switch (name.getParent()) {
      case OnnxTextParser.ValueInfoContext _,
          OnnxTextParser.ValueInfoOrInitializerContext _,
          OnnxTextParser.IdOrValueInfoContext _
          when found.getType() == OnnxTextParser.LBRACKET ->
          word + " is no element type";
      case OnnxTextParser.GraphContext graph
          when graph.getParent() instanceof OnnxTextParser.StructuredAttrValueContext ->
          "a string needs quotes, " + word + " would be the name of a graph";
      default -> null;
    };
  }

  private static boolean isName(int type) {
    return switch (type) {
      case OnnxTextParser.ID,
          OnnxTextParser.PRIM_TYPE,
          OnnxTextParser.NON_FINITE,
          OnnxTextParser.SEQ,
          OnnxTextParser.MAP,
          OnnxTextParser.OPTIONAL,
          OnnxTextParser.SPARSE_TENSOR,
          OnnxTextParser.OPAQUE ->
          true;
      default -> false;
    };
  }

  /**
   * Braces hold literals behind a type, a name or an equals sign, else nodes. Brackets hold them
   * behind an equals sign, except where a string is a key of external data or the name of a graph.
   */
  private static boolean opensLiterals(int previous, int bracket, String text, int next) {
    return switch (bracket) {
      case OnnxTextLexer.LBRACE ->
          previous == OnnxTextLexer.EQUALS
              || previous == OnnxTextLexer.RBRACKET
              || previous == OnnxTextLexer.QUOTED
              || isName(previous);
      case OnnxTextLexer.LBRACKET -> previous == OnnxTextLexer.EQUALS && isLiteral(text, next);
      default -> false;
    };
  }

  private static boolean isLiteral(String text, int from) {
    int start = LiteralScanner.skipBlanks(text, from);
    if (start == text.length()) {
      return true;
    }
    char first = text.charAt(start);
    if (first == '"') {
      int end = LiteralScanner.stringEnd(text, start);
      int behind = end < 0 ? text.length() : LiteralScanner.skipBlanks(text, end);
      return behind == text.length() || ":(=".indexOf(text.charAt(behind)) < 0;
    }
    int word = LiteralScanner.wordEnd(text, start);
    return first == ']'
        || first == '-'
        || Spelling.isDigit(first)
        || LiteralScanner.isNonFinite(text, start, word);
  }
}
