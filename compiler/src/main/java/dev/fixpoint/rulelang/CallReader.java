package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.RuleLanguageParser.ArgumentContext;
import dev.fixpoint.grammar.RuleLanguageParser.AttrContext;
import dev.fixpoint.grammar.RuleLanguageParser.AttrListContext;
import dev.fixpoint.grammar.RuleLanguageParser.CallContext;
import dev.fixpoint.grammar.RuleLanguageParser.ExpressionContext;
import dev.fixpoint.grammar.RuleLanguageParser.PrimaryContext;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rulelang.ConditionLibrary.Parameter;
import dev.fixpoint.rulelang.ExpressionReader.Typed;
import dev.fixpoint.tensor.ElementType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns the calls of a rule into checked ones: operators, functions, and conditions. */
final class CallReader {
  private final Names names;
  private final RuleVocabulary vocabulary;
  private final Operators operators;
  private final ExpressionReader expressions;
  private final boolean ranges;

  /**
   * A reader of calls.
   *
   * @param ranges whether calls may ask for the ranges of values, as in contracts
   */
  CallReader(Names names, RuleVocabulary vocabulary, ExpressionReader expressions, boolean ranges) {
    this.names = names;
    this.vocabulary = vocabulary;
    this.operators = new Operators(vocabulary.operators());
    this.expressions = expressions;
    this.ranges = ranges;
  }

  Typed read(CallContext written) {
    OpId id = Operators.id(written.operator());
    String name = id.toString();
    if (operators.has(id)) {
      return operator(written);
    }
    requireNoAttributes(written, name);
    RangeFunction range = RangeFunction.ofText(name);
    if (range != null && !ranges) {
      throw Errors.at(
          written, "found the range of a value, expected that in the clause 'within' only");
    }
    if (range != null) {
      return new Typed(new Expression.RangeOf(range, onlyValue(written)), Kind.NUMBERS);
    }
    var function = vocabulary.functions().find(name);
    if (function.isPresent()) {
      return function(written, function.get());
    }
    ValueFunction value = ValueFunction.ofText(name);
    var condition = vocabulary.conditions().find(name);
    int count = arguments(written).size();
    if (value != null && (condition.isEmpty() || count == 1 + value.more())) {
      return aboutValue(written, value);
    }
    if (condition.isPresent()) {
      return condition(written, condition.get());
    }
    throw Errors.unknown(
        SourceRange.of(written.operator()),
        "an operator, a function or a condition",
        name,
        known());
  }

  private Set<String> known() {
    Set<String> known = new TreeSet<>(operators.names());
    known.addAll(vocabulary.functions().names());
    known.addAll(vocabulary.conditions().names());
    known.addAll(ValueFunction.names());
    if (ranges) {
      known.addAll(RangeFunction.names());
    }
    return known;
  }

  private static void requireNoAttributes(CallContext written, String name) {
    if (written.attrList() != null) {
      throw Errors.at(
          written.attrList(),
          "found attributes of " + Errors.shown(name) + ", expected them only for operators");
    }
  }

  /** The arguments; none where the parentheses are empty. */
  static List<ArgumentContext> arguments(CallContext written) {
    List<ArgumentContext> arguments = written.arguments().argument();
    return arguments.size() == 1 && arguments.getFirst().expression() == null
        ? List.of()
        : arguments;
  }

  private Typed operator(CallContext written) {
    OpDefinition op = operators.find(written.operator());
    if (!op.isDeterministic()) {
      throw Errors.at(
          written.operator(), "found the random operator " + op.id() + ", expected a function");
    }
    List<@Nullable Expression> inputs = new ArrayList<>();
    List<Boolean> given = new ArrayList<>();
    for (ArgumentContext argument : arguments(written)) {
      ExpressionContext expression = argument.expression();
      inputs.add(expression == null ? null : input(expression));
      given.add(expression != null);
    }
    Operators.requireInputs(op, written, given, false);
    int results =
        (int)
            op.schema().outputs().stream()
                .filter(output -> output.arity() == OpSchema.Arity.REQUIRED)
                .count();
    var call = new Expression.Call(op, attributes(op, written.attrList()), inputs);
    return new Typed(call, Kind.NUMBERS, Math.max(1, results));
  }

  /** An input: numbers, or strings for the few operators that take them. */
  private Expression input(ExpressionContext written) {
    return expressions.read(written, Kind.NUMBERS);
  }

  /** The attributes of a call or of a new node. */
  List<Expression.AttributeValueOf> attributes(OpDefinition op, @Nullable AttrListContext list) {
    List<Expression.AttributeValueOf> attributes = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (AttrContext written : list == null ? List.<AttrContext>of() : list.attr()) {
      Attribute<?> key = Operators.attribute(op, written.attributeName());
      Operators.requireKind(op, key, written.attrType());
      if (!seen.add(key.name())) {
        throw Errors.at(written, "found attribute '" + key + "' again, expected it once");
      }
      Typed value = operand(written);
      if (value.results() != 1 || !AttributeValues.accepts(key, value.kind())) {
        throw Errors.at(
            written.attrOperand(),
            "found "
                + value.kind().words()
                + ", expected "
                + AttributeValues.words(key)
                + " for attribute '"
                + key
                + "'");
      }
      attributes.add(new Expression.AttributeValueOf(key, value.expression()));
    }
    return attributes;
  }

  private Typed operand(AttrContext written) {
    var operand = written.attrOperand();
    if (operand.constant() != null) {
      return PlainOperands.constant(operand.constant());
    }
    if (operand.tensorConstant() != null) {
      return new Typed(
          new Expression.Fixed(Computed.of(TensorConstants.read(operand.tensorConstant()))),
          Kind.NUMBERS);
    }
    if (operand.list() != null) {
      return expressions.list(operand.list());
    }
    return operand.reference() != null
        ? expressions.reference(operand.reference())
        : expressions.read(Objects.requireNonNull(operand.expression()));
  }

  private Typed function(CallContext written, NativeLibrary.Entry entry) {
    List<@Nullable Expression> arguments = new ArrayList<>();
    for (ArgumentContext argument : arguments(written)) {
      ExpressionContext expression = argument.expression();
      Typed typed = expression == null ? null : expressions.read(expression);
      if (typed != null && typed.kind() == Kind.TRUTH) {
        throw Errors.at(argument, "found a condition, expected numbers or a string");
      }
      arguments.add(typed == null ? null : typed.expression());
    }
    requireCount(written, entry.name(), arguments.size(), entry.least(), entry.most());
    return new Typed(
        new Expression.Native(entry.name(), entry.function(), arguments),
        Kind.NUMBERS,
        entry.results());
  }

  private static void requireCount(
      CallContext written, String name, int count, int least, int most) {
    if (count < least || count > most) {
      throw Errors.at(
          written,
          "found "
              + count
              + (count == 1 ? " argument" : " arguments")
              + " of "
              + Errors.shown(name)
              + ", expected "
              + (least == most ? String.valueOf(least) : least + " to " + most));
    }
  }

  private Typed aboutValue(CallContext written, ValueFunction function) {
    List<ArgumentContext> arguments = arguments(written);
    int count = 1 + function.more();
    requireCount(written, function.text(), arguments.size(), count, count);
    Name name = value(arguments.getFirst());
    List<Expression> more = new ArrayList<>();
    for (ArgumentContext argument : arguments.subList(1, count)) {
      ExpressionContext expression = argument.expression();
      if (expression == null) {
        throw Errors.at(written, "found no number, expected one");
      }
      more.add(expressions.read(expression, Kind.NUMBERS));
    }
    return new Typed(new Expression.AboutValue(function, name, more), function.kind());
  }

  private Name onlyValue(CallContext written) {
    List<ArgumentContext> arguments = arguments(written);
    requireCount(written, written.operator().getText(), arguments.size(), 1, 1);
    return value(arguments.getFirst());
  }

  private Name value(ArgumentContext argument) {
    PrimaryContext primary = PlainOperands.primary(argument.expression());
    if (primary == null
        || primary.reference() == null
        || primary.reference().attributeName() != null) {
      throw Errors.at(argument, "found " + argument.getText() + ", expected the name of a value");
    }
    Name name = names.use(primary.reference().id());
    if (name.value() == null) {
      throw Errors.at(
          argument, "found the list '" + name.text() + "...', expected the name of one value");
    }
    return name;
  }

  private Typed condition(CallContext written, ConditionLibrary.Entry entry) {
    List<ArgumentContext> arguments = arguments(written);
    List<Parameter> parameters = entry.parameters();
    boolean each = parameters.equals(List.of(Parameter.VALUE));
    boolean open = each || parameters.getLast() == Parameter.TYPES;
    requireCount(
        written,
        entry.name(),
        arguments.size(),
        parameters.size(),
        open ? Math.max(parameters.size(), arguments.size()) : parameters.size());
    if (each) {
      List<Expression> all = new ArrayList<>();
      for (ArgumentContext argument : arguments) {
        all.add(new Expression.Holds(made(written, entry, List.of(key(argument)))));
      }
      return new Typed(all.size() == 1 ? all.getFirst() : new Expression.All(all), Kind.TRUTH);
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      Parameter parameter = parameters.get(Math.min(i, parameters.size() - 1));
      values.add(argument(arguments.get(i), parameter));
    }
    return new Typed(new Expression.Holds(made(written, entry, values)), Kind.TRUTH);
  }

  private static Condition made(
      CallContext written, ConditionLibrary.Entry entry, List<Object> arguments) {
    try {
      return entry.condition().apply(new ConditionLibrary.Arguments(arguments));
    } catch (IllegalArgumentException | ArithmeticException e) {
      var error = Errors.at(written, entry.name() + ": " + e.getMessage());
      error.initCause(e);
      throw error;
    }
  }

  private Object key(ArgumentContext argument) {
    return Objects.requireNonNull(value(argument).value());
  }

  private Object argument(ArgumentContext written, Parameter parameter) {
    return switch (parameter) {
      case VALUE -> key(written);
      case INTEGER -> PlainOperands.literal(written, "an integer").longValue();
      case NUMBER -> PlainOperands.literal(written, "a number").doubleValue();
      case TYPES ->
          ElementType.ofText(written.getText())
              .orElseThrow(
                  () ->
                      Errors.at(
                          written,
                          "found "
                              + Errors.shown(written.getText())
                              + ", expected an element type"));
    };
  }
}
