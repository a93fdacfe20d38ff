package dev.fixpoint.rulelang;

import dev.fixpoint.op.OpDefinition;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What takes the place of a match, checked: values for values, or new nodes.
 *
 * @param values what is read in place of each value
 * @param nodes new nodes, each after those that it reads
 */
record ReplacementPlan(List<Exchange> values, List<NodePlan> nodes) {
  ReplacementPlan {
    values = List.copyOf(values);
    nodes = List.copyOf(nodes);
  }

  /** A value, and what is read in its place. */
  record Exchange(Name target, Input source) {}

  /**
   * A new node.
   *
   * @param outputs what it makes; an output that nothing reads is null
   * @param copied whose attributes it takes over, if any
   */
  record NodePlan(
      OpDefinition op,
      List<@Nullable Output> outputs,
      List<Input> inputs,
      @Nullable Copied copied,
      List<Expression.AttributeValueOf> attributes) {}

  /** Attributes of a matched node, but for some. */
  record Copied(Name node, Set<String> except) {}

  /**
   * An output of a new node.
   *
   * @param name its name in the rule
   * @param target the value of the graph that it makes anew; null for a value of its own
   */
  record Output(String name, @Nullable Name target) {}

  /** An input of a new node. */
  sealed interface Input {}

  /** An omitted input. */
  record Omitted() implements Input {}

  /** A value of the match. */
  record Matched(Name name) implements Input {}

  /** All values of a list. */
  record Rest(Name name) implements Input {}

  /** An output of a new node. */
  record Made(String name) implements Input {}

  /** A constant that the rule computes; its name is a wish. */
  record Constant(String wish, Expression expression) implements Input {}
}
