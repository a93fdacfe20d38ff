package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints rules in the rule language. A rule that was loaded from text is printed completely, and
 * loading that gives the same rule; of a rule in Java the pattern is printed, and what only Java
 * knows as comments.
 */
public final class RulePrinter {
  private RulePrinter() {}

  /** Rules one after the other, with an empty line between them. */
  public static String print(RuleSet rules) {
    return String.join("\n", rules.rules().stream().map(RulePrinter::print).toList());
  }

  /** A rule; the text ends with a line break. */
  public static String print(RewriteRule rule) {
    List<String> lines = new ArrayList<>();
    lines.add("rule " + rule.name() + " {");
    if (!rule.doc().isEmpty()) {
      lines.add("  doc " + Spelling.quoted(rule.doc()));
    }
    if (rule.replacement() instanceof PlannedReplacement loaded) {
      add(lines, rule, loaded.text());
    } else {
      add(lines, rule);
    }
    lines.add("}");
    return String.join("\n", lines) + "\n";
  }

  /** The clauses {@code match} and, where the pattern itself asks for something, {@code where}. */
  public static String print(OpPattern pattern) {
    return String.join("\n", new PatternPrinter(pattern).lines()) + "\n";
  }

  private static void benefit(List<String> lines, RewriteRule rule) {
    if (rule.benefit() > 1 || rule.benefit() == 0) {
      lines.add("  benefit " + rule.benefit());
    } else if (rule.benefit() < 0) {
      lines.add("  # benefit " + rule.benefit());
    }
  }

  private static void add(List<String> lines, RewriteRule rule, RuleText text) {
    if (!text.opset().isEmpty()) {
      lines.add("  " + text.opset());
    }
    benefit(lines, rule);
    lines.add("  match");
    text.match().forEach(node -> lines.add("    " + node));
    text.steps().forEach(step -> lines.add("  " + step));
    text.replace().forEach(line -> lines.add("  " + line));
    lines.add("  " + text.within());
  }

  private static void add(List<String> lines, RewriteRule rule) {
    benefit(lines, rule);
    new PatternPrinter(rule.pattern()).lines().forEach(line -> lines.add("  " + line));
    for (Condition condition : rule.conditions()) {
      lines.add("  # where " + oneLine(condition.text()));
    }
    lines.add("  # replaced by code");
    lines.add("  # within " + oneLine(rule.contract().text()));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ");
  }
}
