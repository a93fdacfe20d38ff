package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import java.util.List;
import java.util.stream.Stream;

/** The vocabulary of patterns. */
public final class Patterns {
  private Patterns() {}

  /** A value made by a node of an operator. */
  public static OpPattern op(OpDefinition definition) {
    return op(definition.id());
  }

  /** A value made by a node of one of some operators. */
  public static OpPattern op(OpId... ids) {
    return new OpPattern(List.of(ids));
  }

  /** A value made by a node of one of some operators. */
  public static OpPattern op(OpDefinition first, OpDefinition second, OpDefinition... more) {
    Stream<OpDefinition> all = Stream.concat(Stream.of(first, second), Stream.of(more));
    return op(all.map(OpDefinition::id).toArray(OpId[]::new));
  }

  /** Any value. */
  public static Pattern any() {
    return new Pattern.AnyValue(null);
  }

  /** Any value, captured. */
  public static Pattern any(Capture<Value> key) {
    return new Pattern.AnyValue(key);
  }

  /** An initializer. */
  public static Pattern constant() {
    return new Pattern.ConstantValue(null);
  }

  /** An initializer, captured. */
  public static Pattern constant(Capture<Value> key) {
    return new Pattern.ConstantValue(key);
  }

  /** A constant whose elements all equal a number, as it is in their type. */
  public static Pattern constant(double number) {
    return new Pattern.ConstantValue(null, ElementLiteral.of(number));
  }

  /** An omitted optional input. */
  public static Pattern absent() {
    return new Pattern.Absent();
  }

  /** A pattern, or an omitted input. */
  public static Pattern optional(Pattern pattern) {
    return oneOf(pattern, absent());
  }

  /** An initializer, captured, or an omitted input. */
  public static Pattern optionalConstant(Capture<Value> key) {
    return optional(constant(key));
  }

  /** The first of some patterns that matches. */
  public static Pattern oneOf(Pattern... alternatives) {
    return new Pattern.OneOf(List.of(alternatives));
  }
}
