package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.Literal;
import dev.fixpoint.grammar.RuleLanguageParser.ComparisonContext;
import dev.fixpoint.grammar.RuleLanguageParser.ConjunctionContext;
import dev.fixpoint.grammar.RuleLanguageParser.ExpressionContext;
import dev.fixpoint.grammar.RuleLanguageParser.ListContext;
import dev.fixpoint.grammar.RuleLanguageParser.LiteralContext;
import dev.fixpoint.grammar.RuleLanguageParser.NegationContext;
import dev.fixpoint.grammar.RuleLanguageParser.PrimaryContext;
import dev.fixpoint.grammar.RuleLanguageParser.ProductContext;
import dev.fixpoint.grammar.RuleLanguageParser.ReferenceContext;
import dev.fixpoint.grammar.RuleLanguageParser.SignedContext;
import dev.fixpoint.grammar.RuleLanguageParser.SumContext;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Turns the expressions of a rule into checked ones. */
final class ExpressionReader {
  private final Names names;
  private final CallReader calls;

  ExpressionReader(Names names, RuleVocabulary vocabulary, boolean ranges) {
    this.names = names;
    this.calls = new CallReader(names, vocabulary, this, ranges);
  }

  /**
   * A checked expression and what it gives.
   *
   * @param expression the expression
   * @param kind what it is worth
   * @param results how many results it has
   */
  record Typed(Expression expression, Kind kind, int results) {
    Typed(Expression expression, Kind kind) {
      this(expression, kind, 1);
    }
  }

  /** An expression of a kind. */
  Expression read(ExpressionContext written, Kind kind) {
    return require(written, read(written), kind);
  }

  private static Expression require(ParserRuleContext place, Typed typed, Kind kind) {
    if (typed.kind != kind) {
      throw Errors.at(place, "found " + typed.kind.words() + ", expected " + kind.words());
    }
    if (typed.results != 1) {
      throw Errors.at(
          place,
          "found a function with " + typed.results + " results, expected one with one result");
    }
    return typed.expression;
  }

  /** An expression of any kind. */
  Typed read(ExpressionContext written) {
    if (written.conjunction().size() == 1) {
      return read(written.conjunction(0));
    }
    List<Expression> operands = new ArrayList<>();
    for (ConjunctionContext part : written.conjunction()) {
      operands.add(require(part, read(part), Kind.TRUTH));
    }
    return new Typed(new Expression.Any(operands), Kind.TRUTH);
  }

  private Typed read(ConjunctionContext written) {
    if (written.negation().size() == 1) {
      return read(written.negation(0));
    }
    List<Expression> operands = new ArrayList<>();
    for (NegationContext part : written.negation()) {
      operands.add(require(part, read(part), Kind.TRUTH));
    }
    return new Typed(new Expression.All(operands), Kind.TRUTH);
  }

  private Typed read(NegationContext written) {
    Typed typed = read(written.comparison());
    return written.NOT() == null
        ? typed
        : new Typed(
            new Expression.Not(require(written.comparison(), typed, Kind.TRUTH)), Kind.TRUTH);
  }

  private Typed read(ComparisonContext written) {
    if (written.comparisonOperator() == null) {
      return read(written.sum(0));
    }
    Relation relation = Relation.ofText(written.comparisonOperator().getText());
    Typed left = read(written.sum(0));
    boolean comparable = left.kind == Kind.NUMBERS || relation.isEquality();
    if (!comparable) {
      throw Errors.at(
          written.comparisonOperator(),
          "found '" + relation + "' after " + left.kind.words() + ", expected '==' or '!='");
    }
    Expression right = require(written.sum(1), read(written.sum(1)), left.kind);
    Expression first = require(written.sum(0), left, left.kind);
    return new Typed(new Expression.Compared(first, relation, right), Kind.TRUTH);
  }

  private Typed read(SumContext written) {
    if (written.product().size() == 1) {
      return read(written.product(0));
    }
    List<Expression> operands = new ArrayList<>();
    for (ProductContext part : written.product()) {
      operands.add(require(part, read(part), Kind.NUMBERS));
    }
    return chain(written, operands);
  }

  private Typed read(ProductContext written) {
    if (written.signed().size() == 1) {
      return read(written.signed(0));
    }
    List<Expression> operands = new ArrayList<>();
    for (SignedContext part : written.signed()) {
      operands.add(require(part, read(part), Kind.NUMBERS));
    }
    return chain(written, operands);
  }

  private static Typed chain(ParserRuleContext written, List<Expression> operands) {
    List<OpDefinition> operators = new ArrayList<>();
    for (ParseTree part : written.children) {
      if (part instanceof TerminalNode sign) {
        operators.add(operator(sign.getText()));
      }
    }
    return new Typed(new Expression.Chain(operands, operators), Kind.NUMBERS);
  }

  private static OpDefinition operator(String sign) {
    return switch (sign) {
      case "+" -> StandardOps.ADD;
      case "-" -> StandardOps.SUB;
      case "*" -> StandardOps.MUL;
      case "/" -> StandardOps.DIV;
      case "%" -> StandardOps.MOD;
      default -> throw new IllegalStateException("no operator: " + sign);
    };
  }

  private Typed read(SignedContext written) {
    if (written.MINUS() == null) {
      return read(written.primary());
    }
    if (written.primary().literal() != null && written.primary().literal().QUOTED() == null) {
      return new Typed(number(Literal.of(written)), Kind.NUMBERS);
    }
    Expression operand = require(written.primary(), read(written.primary()), Kind.NUMBERS);
    return new Typed(new Expression.Minus(operand), Kind.NUMBERS);
  }

  private Typed read(PrimaryContext written) {
    if (written.literal() != null) {
      return literal(written.literal());
    }
    if (written.tensorConstant() != null) {
      return new Typed(
          new Expression.Fixed(Computed.of(TensorConstants.read(written.tensorConstant()))),
          Kind.NUMBERS);
    }
    if (written.list() != null) {
      return list(written.list());
    }
    if (written.call() != null) {
      return calls.read(written.call());
    }
    return written.reference() != null
        ? reference(written.reference())
        : read(written.expression());
  }

  private static Typed literal(LiteralContext written) {
    Literal literal = Literal.of(written);
    return switch (literal.kind()) {
      case STRING ->
          new Typed(new Expression.Fixed(new Operand.Text(literal.stringValue())), Kind.TEXT);
      case INTEGER, FLOAT -> new Typed(number(literal), Kind.NUMBERS);
    };
  }

  /** A number of no element type yet. */
  static Expression.Fixed number(Literal literal) {
    return new Expression.Fixed(
        switch (literal.kind()) {
          case INTEGER -> Computed.integer(literal.longValue());
          case FLOAT, STRING -> Computed.spelled(literal.doubleValue());
        });
  }

  /** A list of single numbers or of strings; an empty one is one of integers. */
  Typed list(ListContext written) {
    Kind kind = null;
    List<Expression> elements = new ArrayList<>();
    for (ExpressionContext element : written.expression()) {
      Typed typed = read(element);
      if (typed.kind != Kind.NUMBERS && typed.kind != Kind.TEXT) {
        throw Errors.at(
            element, "found " + typed.kind.words() + " in a list, expected numbers or strings");
      }
      elements.add(require(element, typed, kind == null ? typed.kind : kind));
      kind = typed.kind;
    }
    Kind element = kind == null ? Kind.NUMBERS : kind;
    return new Typed(
        new Expression.ListOf(elements, element), element == Kind.TEXT ? Kind.TEXTS : element);
  }

  /** A constant, a bound name, an element type, or an attribute of a node. */
  Typed reference(ReferenceContext written) {
    String text = written.id().getText();
    if (written.attributeName() != null) {
      return attribute(written);
    }
    Names.Let let = names.let(text);
    if (let != null) {
      Names.use(let, text);
      return new Typed(new Expression.Bound(let, let.targets().indexOf(text)), let.kind());
    }
    if (names.pattern(text) == null && ElementType.ofText(text).isPresent()) {
      return new Typed(
          new Expression.Fixed(new Operand.Type(ElementType.ofText(text).get())), Kind.TYPE);
    }
    Name name = names.use(written.id());
    if (!name.isConstant()) {
      throw Errors.at(
          written,
          "found "
              + Errors.shown(text)
              + ", which need not be constant, expected the condition"
              + " constant("
              + text
              + ") before");
    }
    return new Typed(new Expression.Constant(name), Kind.NUMBERS);
  }

  private Typed attribute(ReferenceContext written) {
    Name name = names.use(written.id());
    String attribute = Spelling.nameOf(Objects.requireNonNull(written.attributeName()));
    if (name.makers().isEmpty()) {
      throw Errors.at(
          written.id(),
          "found "
              + Errors.shown(name.text())
              + ", which no node of the pattern makes, expected the"
              + " name of a node");
    }
    SourceRange place = SourceRange.of(written.attributeName());
    Attribute<?> key =
        name.attribute(attribute)
            .orElseThrow(
                () ->
                    Operators.unknownAttribute(
                        place,
                        name.makers().getFirst().id().toString(),
                        name.makers().getFirst(),
                        attribute));
    Kind kind = Kind.of(key);
    if (kind == null) {
      throw Errors.at(
          place,
          "found an attribute that is "
              + AttributeValues.words(key)
              + ", expected numbers or strings");
    }
    return new Typed(new Expression.AttributeOf(name, key), kind);
  }
}
