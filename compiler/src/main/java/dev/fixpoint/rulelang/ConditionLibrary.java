package dev.fixpoint.rulelang;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.TypeConditions;
import dev.fixpoint.tensor.ElementType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The conditions that rules may name: those of {@link Conditions} and {@link TypeConditions} in
 * snake case, and those that a caller adds. Immutable: adding one gives a new library.
 */
public final class ConditionLibrary {
  private static final ConditionLibrary STANDARD = standardConditions();

  private final Map<String, Entry> entries;

  private ConditionLibrary(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /** What an argument of a condition is; all are known while a rule is loaded. */
  public enum Parameter {
    /** A value of the pattern. */
    VALUE,
    /** An integer. */
    INTEGER,
    /** A number. */
    NUMBER,
    /** One element type, or several at the end. */
    TYPES
  }

  /**
   * The arguments of a condition, by position.
   *
   * @param list keys of values, {@link Long}, {@link Double}, or {@link ElementType}
   */
  public record Arguments(List<Object> list) {
    /** Keeps an immutable copy. */
    public Arguments {
      list = List.copyOf(list);
    }

    /** The key of a value. */
    @SuppressWarnings("unchecked") // the loader puts keys of values where VALUE stands
    public Capture<Value> value(int index) {
      return (Capture<Value>) list.get(index);
    }

    /** An integer. */
    public int integer(int index) {
      return Math.toIntExact((Long) list.get(index));
    }

    /** A number. */
    public double number(int index) {
      return (Double) list.get(index);
    }

    /** All element types from a position on. */
    public ElementType[] types(int from) {
      return list.subList(from, list.size()).toArray(ElementType[]::new);
    }
  }

  /**
   * A condition by its name.
   *
   * @param name name in rules
   * @param parameters what it takes
   * @param condition makes the condition
   */
  public record Entry(
      String name, List<Parameter> parameters, Function<Arguments, Condition> condition) {
    /** Keeps an immutable copy. */
    public Entry {
      parameters = List.copyOf(parameters);
    }
  }

  /** The conditions that come with the rule language. */
  public static ConditionLibrary standard() {
    return STANDARD;
  }

  /**
   * This library with one more condition.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public ConditionLibrary with(
      String name, List<Parameter> parameters, Function<Arguments, Condition> condition) {
    Map<String, Entry> more = new LinkedHashMap<>(entries);
    if (more.put(name, new Entry(name, parameters, condition)) != null) {
      throw new IllegalArgumentException("two conditions are named '" + name + "'");
    }
    return new ConditionLibrary(more);
  }

  /** This library with one more condition on one value. */
  public ConditionLibrary with(String name, Function<Capture<Value>, Condition> condition) {
    return with(name, List.of(Parameter.VALUE), a -> condition.apply(a.value(0)));
  }

  private ConditionLibrary with(
      String name, BiFunction<Capture<Value>, Capture<Value>, Condition> condition) {
    return with(
        name,
        List.of(Parameter.VALUE, Parameter.VALUE),
        a -> condition.apply(a.value(0), a.value(1)));
  }

  private ConditionLibrary withCount(
      String name, BiFunction<Capture<Value>, Integer, Condition> condition) {
    return with(
        name,
        List.of(Parameter.VALUE, Parameter.INTEGER),
        a -> condition.apply(a.value(0), a.integer(1)));
  }

  /** The condition with a name, if there is one. */
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** The names of all conditions. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  private static ConditionLibrary standardConditions() {
    return new ConditionLibrary(Map.of())
        .with("constant", Conditions::constant)
        .with("not_constant", Conditions::notConstant)
        .with("single_use", c -> Conditions.singleUse(c))
        .with("not_output", c -> Conditions.notOutput(c))
        .with("finite", Conditions::finite)
        .with("positive", Conditions::positive)
        .with("non_negative", Conditions::nonNegative)
        .with("non_zero", Conditions::nonZero)
        .with("scalar", TypeConditions::scalar)
        .with("static_shape", TypeConditions::staticShape)
        .with("equal_constants", Conditions::equalConstants)
        .with("same_element_type", TypeConditions::sameElementType)
        .with("same_shape", TypeConditions::sameShape)
        .with("broadcasts_to", TypeConditions::broadcastsTo)
        .withCount("rank", TypeConditions::rank)
        .withCount("rank_at_least", TypeConditions::rankAtLeast)
        .withCount("rank_at_most", TypeConditions::rankAtMost)
        .with(
            "constant_value",
            List.of(Parameter.VALUE, Parameter.NUMBER),
            a -> Conditions.constantValue(a.value(0), a.number(1)))
        .with(
            "element_type",
            List.of(Parameter.VALUE, Parameter.TYPES),
            a -> TypeConditions.elementType(a.value(0), a.types(1)));
  }
}
