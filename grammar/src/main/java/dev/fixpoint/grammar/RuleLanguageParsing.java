package dev.fixpoint.grammar;

import java.util.Map;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/**
 * The parse trees of rule files. A tree says nothing of whether operators, conditions, functions or
 * contracts exist; visit it with {@link RuleLanguageBaseVisitor}, take strings with {@link
 * Spelling}, values with {@link Literal} and {@link LiteralList}, and places with {@link
 * SourceRange}.
 */
public final class RuleLanguageParsing {

  private static final TokenNames NAMES =
      new TokenNames(
          RuleLanguageParser.VOCABULARY,
          Map.of(
              RuleLanguageParser.RULE_attributeName, "a name",
              RuleLanguageParser.RULE_expression, "an expression",
              RuleLanguageParser.RULE_id, "a name",
              RuleLanguageParser.RULE_operator, "an operator",
              RuleLanguageParser.RULE_ruleName, "a rule's name",
              RuleLanguageParser.RULE_ruleNamePart, "a word",
              RuleLanguageParser.RULE_tensorType, "an element type"),
          RuleLanguageParsing::isName);

  private static final TextParsing<RuleLanguageParser> LANGUAGE =
      new TextParsing<>(
          RuleLanguageLexer::new,
          RuleLanguageParser::new,
          Lexicon.of(RuleLanguageParser.VOCABULARY),
          RuleLanguageParsing::opensLiterals,
          NAMES,
          RuleLanguageParsing::hint,
          Limits.RULE_TOKENS);

  private RuleLanguageParsing() {}

  /**
   * The rules of a file, none in an empty one.
   *
   * @throws SyntaxException at the first error, also for more than 64 open brackets, names and
   *     strings of absurd length, and more than 200,000 tokens
   */
  public static RuleLanguageParser.RuleFileContext parseRules(SourceText source) {
    var file = LANGUAGE.parse(source, RuleLanguageParser::ruleFile);
    file.ruleDefinition().forEach(rule -> requireNoBlanks(rule.ruleName()));
    return file;
  }

  /** The name of a rule, such as {@code fold-batch-norm-into-conv}. */
  public static String nameOf(RuleLanguageParser.RuleNameContext name) {
    return name.getText();
  }

  private static @Nullable String hint(Token previous, RuleContext context, Token found) {
    if (found.getType() != RuleLanguageParser.EQUALS) {
      return null;
    }
    for (RuleContext outer = context; outer != null; outer = outer.getParent()) {
      if (outer instanceof RuleLanguageParser.WhereClauseContext) {
        return "equality is written '=='";
      }
    }
    return null;
  }

  private static boolean isName(int type) {
    return switch (type) {
      case RuleLanguageParser.ID,
          RuleLanguageParser.PRIM_TYPE,
          RuleLanguageParser.RULE,
          RuleLanguageParser.DOC,
          RuleLanguageParser.OPSET,
          RuleLanguageParser.BENEFIT,
          RuleLanguageParser.ATTRIBUTES,
          RuleLanguageParser.OF,
          RuleLanguageParser.EXCEPT ->
          true;
      default -> false;
    };
  }

  /** The lexer drops blanks everywhere, but a name is one word to its reader. */
  private static void requireNoBlanks(RuleLanguageParser.RuleNameContext name) {
    SourceRange range = SourceRange.of(name);
    if (range.end() - range.start() != name.getText().length()) {
      throw new SyntaxException(
          range, "found blanks within a rule's name, expected '" + name.getText() + "'");
    }
  }

  /** Braces hold a tensor's values after its type; a rule may be named after a type, too. */
  private static boolean opensLiterals(int previous, int bracket, String text, int next) {
    return bracket == RuleLanguageLexer.LBRACE
        && (previous == RuleLanguageLexer.RBRACKET
            || (previous == RuleLanguageLexer.PRIM_TYPE && !startsClause(text, next)));
  }

  private static boolean startsClause(String text, int from) {
    int start = LiteralScanner.skipBlanks(text, from);
    int end = LiteralScanner.wordEnd(text, start);
    return start < text.length()
        && Spelling.isLetter(text.charAt(start))
        && !LiteralScanner.isNonFinite(text, start, end);
  }
}
