package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.Literal;
import dev.fixpoint.grammar.LiteralKind;
import dev.fixpoint.grammar.RuleLanguageParser.ArgumentContext;
import dev.fixpoint.grammar.RuleLanguageParser.ConstantContext;
import dev.fixpoint.grammar.RuleLanguageParser.ExpressionContext;
import dev.fixpoint.grammar.RuleLanguageParser.PrimaryContext;
import dev.fixpoint.grammar.RuleLanguageParser.SignedContext;
import dev.fixpoint.rulelang.ExpressionReader.Typed;
import org.jspecify.annotations.Nullable;

/** The plain parts of expressions: single numbers, strings and names without an operator. */
final class PlainOperands {
  private PlainOperands() {}

  /** A number or a string. */
  static Typed constant(ConstantContext written) {
    Literal literal = Literal.of(written);
    return literal.kind() == LiteralKind.STRING
        ? new Typed(new Expression.Fixed(new Operand.Text(literal.stringValue())), Kind.TEXT)
        : new Typed(ExpressionReader.number(literal), Kind.NUMBERS);
  }

  /** The number that an argument is; an error where it is anything else. */
  static Literal literal(ArgumentContext written, String expected) {
    SignedContext signed = signed(written.expression());
    if (signed != null && signed.primary().literal() != null) {
      Literal literal = Literal.of(signed);
      boolean fits =
          literal.kind() == LiteralKind.INTEGER
              || (literal.kind() == LiteralKind.FLOAT && expected.equals("a number"));
      if (fits) {
        return literal;
      }
    }
    throw Errors.at(written, "found " + Errors.shown(written.getText()) + ", expected " + expected);
  }

  /** The operand that an expression is, with its sign, or null where it has an operator. */
  static @Nullable SignedContext signed(@Nullable ExpressionContext written) {
    if (written == null
        || written.conjunction().size() != 1
        || written.conjunction(0).negation().size() != 1) {
      return null;
    }
    var negation = written.conjunction(0).negation(0);
    var comparison = negation.comparison();
    if (negation.NOT() != null
        || comparison.sum().size() != 1
        || comparison.sum(0).product().size() != 1
        || comparison.sum(0).product(0).signed().size() != 1) {
      return null;
    }
    return comparison.sum(0).product(0).signed(0);
  }

  /** The operand that an expression is, or null where it has a sign or an operator. */
  static @Nullable PrimaryContext primary(@Nullable ExpressionContext written) {
    SignedContext signed = signed(written);
    return signed == null || signed.MINUS() != null ? null : signed.primary();
  }
}
