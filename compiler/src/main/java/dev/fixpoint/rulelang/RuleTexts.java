package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.RuleLanguageParser.LetClauseContext;
import dev.fixpoint.grammar.RuleLanguageParser.ReplaceClauseContext;
import dev.fixpoint.grammar.RuleLanguageParser.ReplacementNodeContext;
import dev.fixpoint.grammar.RuleLanguageParser.RuleDefinitionContext;
import dev.fixpoint.grammar.RuleLanguageParser.WhereClauseContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.tree.ParseTree;

/** Takes the clauses of a rule apart for printing. */
final class RuleTexts {
  private RuleTexts() {}

  static RuleText of(RuleDefinitionContext rule) {
    List<String> steps = new ArrayList<>();
    for (ParseTree part : rule.children) {
      switch (part) {
        case WhereClauseContext where -> steps.add(TokenText.of(where));
        case LetClauseContext let -> steps.add(TokenText.of(let));
        default -> {}
      }
    }
    return new RuleText(
        rule.opsetClause() == null ? "" : TokenText.of(rule.opsetClause()),
        rule.matchClause().patternNode().stream().map(TokenText::of).toList(),
        steps,
        replace(rule.replaceClause()),
        TokenText.of(rule.withinClause()));
  }

  private static List<String> replace(ReplaceClauseContext clause) {
    List<ReplacementNodeContext> nodes = clause.replacement().replacementNode();
    if (nodes.isEmpty()) {
      return List.of(TokenText.of(clause));
    }
    String targets = clause.id().stream().map(TokenText::of).collect(Collectors.joining(", "));
    List<String> lines = new ArrayList<>();
    lines.add("replace " + targets + " with {");
    nodes.forEach(node -> lines.add("  " + TokenText.of(node)));
    lines.add("}");
    return lines;
  }
}
