package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.RuleLanguageParsing;
import dev.fixpoint.grammar.SourceText;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rule looks for, whatever it does.
 *
 * @param pattern the pattern
 * @param conditions its conditions
 */
record LoadedPattern(OpPattern pattern, List<Condition> conditions) {
  /** Loads the clauses {@code match} and {@code where} of a printed rule. */
  static LoadedPattern of(String clauses) {
    String rule = "rule p {\n" + clauses + "\nreplace y with x\nwithin bit_exact\n}\n";
    var written = RuleLanguageParsing.parseRules(new SourceText("p.rules", rule)).ruleDefinition(0);
    Names names = new Names();
    OpPattern pattern =
        new PatternReader(new Operators(RuleVocabulary.STANDARD.operators()), names)
            .read(written.matchClause());
    ConditionReader reader =
        new ConditionReader(names, new ExpressionReader(names, RuleVocabulary.STANDARD, false));
    List<Condition> conditions = new ArrayList<>();
    written.whereClause().forEach(where -> conditions.addAll(reader.read(where)));
    return new LoadedPattern(pattern, conditions);
  }
}
