package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;

/**
 * A typed key for what a pattern matched. A capture that stands in two places of a pattern means
 * the same node or value in both.
 *
 * @param <T> {@link Node}, {@link Value}, or {@link Values} for a list of inputs
 */
public final class Capture<T> {
  private final String name;
  private final Class<T> kind;

  private Capture(String name, Class<T> kind) {
    this.name = name;
    this.kind = kind;
  }

  /** A key for a node. */
  public static Capture<Node> ofNode(String name) {
    return new Capture<>(name, Node.class);
  }

  /** A key for a value. */
  public static Capture<Value> ofValue(String name) {
    return new Capture<>(name, Value.class);
  }

  /** A key for the last inputs of a node. */
  public static Capture<Values> ofValues(String name) {
    return new Capture<>(name, Values.class);
  }

  /** The name, which messages and printed rules use. */
  public String name() {
    return name;
  }

  /** Whether this captures a node, a value or a list of values. */
  public Class<T> kind() {
    return kind;
  }

  @Override
  public String toString() {
    return name;
  }
}
