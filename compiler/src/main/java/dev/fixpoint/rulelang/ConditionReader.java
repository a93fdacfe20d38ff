package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.RuleLanguageParser;
import dev.fixpoint.grammar.RuleLanguageParser.CallContext;
import dev.fixpoint.grammar.RuleLanguageParser.ConjunctionContext;
import dev.fixpoint.grammar.RuleLanguageParser.ExpressionContext;
import dev.fixpoint.grammar.RuleLanguageParser.NegationContext;
import dev.fixpoint.grammar.RuleLanguageParser.PrimaryContext;
import dev.fixpoint.grammar.RuleLanguageParser.ReferenceContext;
import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;

/** Turns the clauses {@code where} and {@code opset} of a rule into conditions. */
final class ConditionReader {
  /** Conditions that no value but a constant meets. */
  private static final Set<String> ASK_FOR_CONSTANTS =
      Set.of(
          "constant",
          "constant_value",
          "equal_constants",
          "finite",
          "non_negative",
          "non_zero",
          "positive");

  private final Names names;
  private final ExpressionReader expressions;

  ConditionReader(Names names, ExpressionReader expressions) {
    this.names = names;
    this.expressions = expressions;
  }

  /**
   * Notes which names the conditions make sure to be constants: by asking for that, or for more, or
   * by comparing what they hold.
   */
  void noteConstants(RuleLanguageParser.WhereClauseContext where) {
    for (ExpressionContext written : where.expression()) {
      for (NegationContext part : parts(written)) {
        PrimaryContext primary = part.NOT() == null ? primary(part) : null;
        boolean asks =
            primary != null
                && primary.call() != null
                && ASK_FOR_CONSTANTS.contains(primary.call().operator().getText());
        boolean compares = part.comparison().comparisonOperator() != null;
        if (asks || compares) {
          noteReferences(part, asks);
        }
      }
    }
  }

  /**
   * Names in an expression; those that a function of a value is asked about need not be constant.
   */
  private void noteReferences(ParseTree part, boolean arguments) {
    if (part instanceof ReferenceContext reference && reference.attributeName() == null) {
      Name name = names.pattern(reference.getText());
      if (name != null) {
        name.setConstant();
      }
    }
    boolean aboutValue =
        part instanceof CallContext call
            && !arguments
            && ValueFunction.ofText(call.operator().getText()) != null;
    for (int i = 0; !aboutValue && i < part.getChildCount(); i++) {
      noteReferences(part.getChild(i), arguments);
    }
  }

  /** The operands of {@code and}; none where there is an {@code or}. */
  private static List<NegationContext> parts(ExpressionContext written) {
    return written.conjunction().size() == 1 ? written.conjunction(0).negation() : List.of();
  }

  private static @Nullable PrimaryContext primary(NegationContext negation) {
    var comparison = negation.comparison();
    boolean plain =
        comparison.sum().size() == 1
            && comparison.sum(0).product().size() == 1
            && comparison.sum(0).product(0).signed().size() == 1
            && comparison.sum(0).product(0).signed(0).MINUS() == null;
    return plain ? comparison.sum(0).product(0).signed(0).primary() : null;
  }

  /**
   * The conditions of a clause, one by one: operands of {@code and} are conditions of their own.
   */
  List<Condition> read(RuleLanguageParser.WhereClauseContext where) {
    List<Condition> conditions = new ArrayList<>();
    for (ExpressionContext written : where.expression()) {
      Expression expression = expressions.read(written, Kind.TRUTH);
      ConjunctionContext first = written.conjunction(0);
      if (expression instanceof Expression.All all
          && first.negation().size() == all.operands().size()) {
        for (int i = 0; i < all.operands().size(); i++) {
          add(conditions, all.operands().get(i), first.negation(i));
        }
      } else {
        add(conditions, expression, written);
      }
    }
    return conditions;
  }

  private static void add(
      List<Condition> conditions, Expression expression, ParserRuleContext written) {
    switch (expression) {
      case Expression.Holds holds -> conditions.add(holds.condition());
      case Expression.Not(Expression.Holds holds) -> conditions.add(negated(holds.condition()));
      case Expression.All all
          when all.operands().stream().allMatch(Expression.Holds.class::isInstance) ->
          all.operands().forEach(operand -> add(conditions, operand, written));
      default -> conditions.add(condition(expression, TokenText.of(written)));
    }
  }

  private static Condition negated(Condition condition) {
    String text = "not " + condition.text();
    return new Condition(
        text,
        condition.kind(),
        match ->
            condition.failure(match).isPresent()
                ? Optional.empty()
                : Optional.of("not so: " + text),
        condition.violate(),
        condition.satisfy());
  }

  private static Condition condition(Expression expression, String text) {
    Condition condition =
        new Condition(text, Condition.Kind.SOUNDNESS, match -> failure(expression, text, match));
    Condition like = ValueHooks.like(expression);
    return like == null
        ? Seen.in(expression).on(condition)
        : condition.withHooks(like.satisfy(), like.violate());
  }

  private static Optional<String> failure(Expression expression, String text, Match match) {
    try {
      Operand.Truth truth = new Evaluation(match).truth(expression);
      if (truth.holds()) {
        return Optional.empty();
      }
      String reason = truth.reason();
      return Optional.of("not so: " + text + (reason.isEmpty() ? "" : " (" + reason + ")"));
    } catch (Refusal refusal) {
      return Optional.of("not so: " + text + " (" + refusal.reason() + ")");
    }
  }

  /** The conditions on versions of operator sets. */
  static List<Condition> read(RuleLanguageParser.OpsetClauseContext opset) {
    List<Condition> conditions = new ArrayList<>();
    for (var guard : opset.opsetGuard()) {
      String written = guard.QUOTED() == null ? "" : Spelling.nameOf(guard.QUOTED());
      String domain = written.equals("ai.onnx") ? "" : written;
      long version = version(guard);
      Relation relation = Relation.ofText(guard.comparisonOperator().getText());
      conditions.add(
          switch (relation) {
            case EQUAL -> Conditions.opset(domain, version, version);
            case LESS -> Conditions.opset(domain, 0, version - 1);
            case LESS_OR_EQUAL -> Conditions.opset(domain, 0, version);
            case GREATER -> Conditions.opset(domain, version + 1, Integer.MAX_VALUE);
            case GREATER_OR_EQUAL -> Conditions.opset(domain, version, Integer.MAX_VALUE);
            case NOT_EQUAL -> negated(Conditions.opset(domain, version, version));
          });
    }
    return conditions;
  }

  private static long version(RuleLanguageParser.OpsetGuardContext guard) {
    try {
      return Integer.parseInt(guard.INT().getText());
    } catch (NumberFormatException e) {
      throw Errors.at(guard, "found an opset beyond any, expected a version of an operator set");
    }
  }
}
