package dev.fixpoint.rulelang;

import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The worth of a rule's expressions at one match. What has no value there is a {@link Refusal}. */
final class Evaluation {
  private final Match match;
  private final Function<Value, Range> ranges;
  private final Map<Names.Let, List<? extends @Nullable Operand>> bound = new HashMap<>();

  /** Of conditions and replacements. */
  Evaluation(Match match) {
    this(match, _ -> Range.ALL);
  }

  /** Of contracts, which may ask for ranges. */
  Evaluation(Match match, Function<Value, Range> ranges) {
    this.match = match;
    this.ranges = ranges;
  }

  /** The value that a name stands for, or null where the match has none. */
  @Nullable Value value(Name name) {
    return name.value() == null ? null : match.find(name.value()).orElse(null);
  }

  /** What an expression is worth; an absent value refuses. */
  Operand present(Expression expression) {
    Operand operand = of(expression);
    if (operand == null) {
      throw new Refusal(described(expression) + " is absent");
    }
    return operand;
  }

  private static String described(Expression expression) {
    return switch (expression) {
      case Expression.Constant constant -> "'" + constant.name().text() + "'";
      case Expression.Bound let -> "'" + let.let().targets().get(let.index()) + "'";
      case Expression.AttributeOf attribute ->
          "attribute '" + attribute.key() + "' of '" + attribute.name().text() + "'";
      default -> "a value";
    };
  }

  /** Numbers that an expression is worth; an absent value refuses. */
  Computed numbers(Expression expression) {
    return switch (present(expression)) {
      case Computed computed -> computed;
      case Operand.Truth truth -> Computed.integer(truth.holds() ? 1 : 0);
      case Operand.Text _, Operand.Texts _, Operand.Type _ ->
          throw new Refusal(described(expression) + " is no number");
    };
  }

  /** Whether a condition holds, and why not. */
  Operand.Truth truth(Expression expression) {
    return present(expression) instanceof Operand.Truth truth
        ? truth
        : new Operand.Truth(false, "it is no condition");
  }

  /** What an expression is worth, or null where it is an absent value. */
  @Nullable Operand of(Expression expression) {
    return switch (expression) {
      case Expression.Fixed fixed -> fixed.value();
      case Expression.Constant constant -> constant(constant.name());
      case Expression.Bound let -> results(let.let()).get(let.index());
      case Expression.AttributeOf attribute -> attribute(attribute.name(), attribute.key());
      case Expression.ListOf list -> list(list);
      case Expression.Call call -> call(call, 1).getFirst();
      case Expression.Native call -> call(call).getFirst();
      case Expression.AboutValue about -> aboutValue(about);
      case Expression.Holds holds -> holds(holds);
      case Expression.Chain chain -> chain(chain);
      case Expression.Minus minus ->
          Arithmetic.apply(StandardOps.NEG, List.of(numbers(minus.operand())));
      case Expression.Compared compared ->
          Comparisons.compare(
              present(compared.left()), compared.relation(), present(compared.right()));
      case Expression.Not not ->
          new Operand.Truth(!truth(not.operand()).holds(), "it holds, and should not");
      case Expression.All all -> all(all);
      case Expression.Any any -> any(any);
      case Expression.RangeOf range -> range(range);
    };
  }

  private List<? extends @Nullable Operand> results(Names.Let let) {
    List<? extends @Nullable Operand> known = bound.get(let);
    if (known == null) {
      known =
          switch (let.expression()) {
            case Expression.Call call -> call(call, let.targets().size());
            case Expression.Native call -> call(call);
            default -> {
              List<@Nullable Operand> one = new ArrayList<>();
              one.add(of(let.expression()));
              yield one;
            }
          };
      bound.put(let, known);
    }
    return known;
  }

  private @Nullable Operand constant(Name name) {
    Value value = value(name);
    if (value == null) {
      return null;
    }
    Tensor tensor = match.graph().constant(value);
    if (tensor == null) {
      throw new Refusal("'" + value + "' is not constant");
    }
    return Computed.of(tensor);
  }

  private @Nullable Operand attribute(Name name, Attribute<?> key) {
    Optional<Node> node = name.node() == null ? Optional.empty() : match.find(name.node());
    if (node.isEmpty()) {
      return null;
    }
    AttributeValue given = node.get().attributes().values().get(key.name());
    AttributeValue value =
        given != null
            ? given
            : node.get()
                .op()
                .schema()
                .attribute(key.name())
                .map(Attribute::defaultAttribute)
                .orElse(null);
    return value == null ? null : AttributeValues.operand(value);
  }

  private Operand list(Expression.ListOf list) {
    if (list.kind() == Kind.TEXT) {
      List<String> texts = new ArrayList<>();
      for (Expression element : list.elements()) {
        texts.add(present(element) instanceof Operand.Text text ? text.value() : "");
      }
      return new Operand.Texts(texts);
    }
    List<Computed> elements = list.elements().stream().map(this::numbers).toList();
    return Arithmetic.vector(elements);
  }

  private List<Computed> call(Expression.Call call, int outputs) {
    List<@Nullable Computed> inputs = new ArrayList<>();
    for (Expression input : call.inputs()) {
      Operand operand = input == null ? null : of(input);
      if (operand != null && !(operand instanceof Computed)) {
        throw new Refusal("an input of " + call.op().id() + " is no tensor");
      }
      inputs.add((Computed) operand);
    }
    return Arithmetic.call(call.op(), attributes(call.attributes()), inputs, outputs);
  }

  /** The attributes that expressions give; absent ones are left out. */
  Attributes attributes(List<Expression.AttributeValueOf> written) {
    Map<String, AttributeValue> values = new LinkedHashMap<>();
    for (Expression.AttributeValueOf attribute : written) {
      Operand operand = of(attribute.value());
      if (operand != null) {
        values.put(attribute.key().name(), AttributeValues.of(attribute.key(), operand));
      }
    }
    return Attributes.of(values);
  }

  private List<Computed> call(Expression.Native call) {
    List<@Nullable Operand> arguments = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      arguments.add(argument == null ? null : of(argument));
    }
    NativeCall made = new NativeCall(call.name(), arguments);
    try {
      return call.function().call(made);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw made.refuse(String.valueOf(e.getMessage()));
    }
  }

  private Operand aboutValue(Expression.AboutValue about) {
    Value value = value(about.name());
    if (value == null) {
      if (about.function().kind() == Kind.TRUTH) {
        return new Operand.Truth(false, "'" + about.name().text() + "' is absent");
      }
      throw new Refusal("'" + about.name().text() + "' is absent");
    }
    return about.function().of(match, value, about.more().stream().map(this::numbers).toList());
  }

  private Operand holds(Expression.Holds holds) {
    Optional<String> failure = holds.condition().failure(match);
    return new Operand.Truth(failure.isEmpty(), failure.orElse(""));
  }

  private Operand chain(Expression.Chain chain) {
    Computed result = numbers(chain.operands().getFirst());
    for (int i = 0; i < chain.operators().size(); i++) {
      OpDefinition operator = chain.operators().get(i);
      result = Arithmetic.apply(operator, List.of(result, numbers(chain.operands().get(i + 1))));
    }
    return result;
  }

  private Operand all(Expression.All all) {
    for (Expression operand : all.operands()) {
      Operand.Truth truth = truth(operand);
      if (!truth.holds()) {
        return truth;
      }
    }
    return new Operand.Truth(true, "");
  }

  private Operand any(Expression.Any any) {
    List<String> reasons = new ArrayList<>();
    for (Expression operand : any.operands()) {
      Operand.Truth truth = truth(operand);
      if (truth.holds()) {
        return truth;
      }
      reasons.add(truth.reason());
    }
    return new Operand.Truth(false, String.join("; ", reasons));
  }

  private Operand range(Expression.RangeOf range) {
    Value value = value(range.name());
    if (value == null) {
      throw new Refusal("'" + range.name().text() + "' is absent");
    }
    Tensor constant = match.graph().constant(value);
    Range known =
        constant != null && constant.elementType().isNumeric()
            ? Range.hullOf(constant)
            : Objects.requireNonNull(ranges.apply(value));
    double bound = range.function().of(known);
    return Computed.untyped(Tensor.ofDoubles(ElementType.DOUBLE, Shape.SCALAR, bound));
  }
}
