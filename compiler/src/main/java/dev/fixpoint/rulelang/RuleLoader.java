package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.RuleLanguageParser.LetBindingContext;
import dev.fixpoint.grammar.RuleLanguageParser.LetClauseContext;
import dev.fixpoint.grammar.RuleLanguageParser.RuleDefinitionContext;
import dev.fixpoint.grammar.RuleLanguageParser.WhereClauseContext;
import dev.fixpoint.grammar.RuleLanguageParsing;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.grammar.SourceText;
import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.rulelang.ExpressionReader.Typed;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.tree.ParseTree;

/**
 * Loads rules from text: through the same builder calls as rules in Java, so that both are the same
 * values. What a rule names is looked up in a {@link RuleVocabulary} while it is loaded; every
 * error is a {@link SyntaxException} with line, column and what was expected.
 *
 * <pre>{@code
 * RuleSet rules = RuleLoader.STANDARD.load(Path.of("swish.rules"));
 * CompiledModel optimized =
 *     new Compiler(CompilerOptions.DEFAULT.withRules(rules)).optimize(model);
 * }</pre>
 */
public final class RuleLoader {
  /** A loader with all operators, conditions and functions of this project. */
  public static final RuleLoader STANDARD = new RuleLoader(RuleVocabulary.STANDARD);

  private final RuleVocabulary vocabulary;

  /** A loader of rules that name what a vocabulary has; it has no state and may be shared. */
  public RuleLoader(RuleVocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /**
   * The rules of a file.
   *
   * @throws SyntaxException if the file is no list of rules
   * @throws UncheckedIOException if it cannot be read
   */
  public RuleSet load(Path file) {
    try {
      return load(SourceText.read(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The rules of a resource beside a class.
   *
   * @throws SyntaxException if the resource is no list of rules
   * @throws UncheckedIOException if there is none of that name
   */
  public RuleSet load(Class<?> anchor, String name) {
    try (InputStream in = anchor.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(
            "no resource '" + name + "' stands beside " + anchor.getName());
      }
      return load(SourceText.read(name, in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rules of a resource beside a class, which name what this project has. */
  public static RuleSet fromResource(Class<?> anchor, String name) {
    return STANDARD.load(anchor, name);
  }

  /**
   * The rules of a text.
   *
   * @param name name of the text, for messages
   * @throws SyntaxException if it is no list of rules
   */
  public RuleSet load(String name, String text) {
    return load(new SourceText(name, text));
  }

  /**
   * The rules of a text.
   *
   * @throws SyntaxException if it is no list of rules
   */
  public RuleSet load(SourceText source) {
    List<RewriteRule> rules = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (RuleDefinitionContext rule : RuleLanguageParsing.parseRules(source).ruleDefinition()) {
      if (!ids.add(RuleLanguageParsing.nameOf(rule.ruleName()))) {
        throw Errors.at(
            rule.ruleName(),
            "found a second rule '" + rule.ruleName().getText() + "', expected another name");
      }
      rules.add(rule(rule));
    }
    return new RuleSet(rules);
  }

  private RewriteRule rule(RuleDefinitionContext written) {
    Names names = new Names();
    PatternReader patterns = new PatternReader(new Operators(vocabulary.operators()), names);
    OpPattern pattern = patterns.read(written.matchClause());
    ExpressionReader expressions = new ExpressionReader(names, vocabulary, false);
    CallReader calls = new CallReader(names, vocabulary, expressions, false);
    List<Condition> conditions = conditions(written, names, expressions);
    ReplacementPlan plan =
        new ReplacementReader(names, vocabulary, calls).read(written.replaceClause());
    RewriteRule.Matched matched =
        RewriteRule.named(RuleLanguageParsing.nameOf(written.ruleName()))
            .doc(written.docClause() == null ? "" : Spelling.nameOf(written.docClause().QUOTED()))
            .match(pattern);
    for (Condition condition : conditions) {
      matched = matched.where(condition);
    }
    RewriteRule.Replaced replaced =
        matched.replaceWith(
            new PlannedReplacement(plan, patterns.numbers(), RuleTexts.of(written)));
    ErrorContract contract =
        new ContractReader(names, vocabulary, replaced.within(ErrorContract.bitExact()))
            .read(written.withinClause().contract());
    names.requireUsed();
    RewriteRule rule = replaced.within(contract);
    return written.benefitClause() == null ? rule : rule.withBenefit(benefit(written));
  }

  private static int benefit(RuleDefinitionContext written) {
    try {
      return Integer.parseInt(written.benefitClause().INT().getText());
    } catch (NumberFormatException e) {
      throw Errors.at(
          written.benefitClause(), "found a benefit beyond 2^31, expected a smaller number");
    }
  }

  private static List<Condition> conditions(
      RuleDefinitionContext written, Names names, ExpressionReader expressions) {
    ConditionReader reader = new ConditionReader(names, expressions);
    List<Condition> conditions = new ArrayList<>();
    if (written.opsetClause() != null) {
      conditions.addAll(ConditionReader.read(written.opsetClause()));
    }
    written.whereClause().forEach(reader::noteConstants);
    for (ParseTree part : written.children) {
      switch (part) {
        case WhereClauseContext where -> conditions.addAll(reader.read(where));
        case LetClauseContext let -> let.letBinding().forEach(b -> bind(b, names, expressions));
        default -> {}
      }
    }
    return conditions;
  }

  private static void bind(LetBindingContext written, Names names, ExpressionReader expressions) {
    Typed typed = expressions.read(written.expression());
    List<String> targets = new ArrayList<>();
    List<SourceRange> places = new ArrayList<>();
    for (var id : written.letTarget().id()) {
      targets.add(id.getText());
      places.add(SourceRange.of(id));
    }
    boolean call = typed.expression() instanceof Expression.Call;
    if (call ? targets.size() < typed.results() : targets.size() != typed.results()) {
      throw Errors.at(
          written.letTarget(),
          "found "
              + targets.size()
              + (targets.size() == 1 ? " name" : " names")
              + ", expected "
              + typed.results()
              + ", one for each result");
    }
    if (call && typed.expression() instanceof Expression.Call made) {
      Operators.requireOutputs(made.op(), written.letTarget(), targets.size());
    }
    names.add(
        new Names.Let(
            SourceRange.of(written.letTarget()),
            targets,
            typed.expression(),
            typed.kind(),
            new boolean[targets.size()]),
        places);
  }
}
