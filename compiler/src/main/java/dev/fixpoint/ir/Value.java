package dev.fixpoint.ir;

/**
 * A value of a graph: an identity with a name. Its type and its producer belong to the graph
 * ({@link Graph#type}, {@link Graph#producer}), so that a rewrite that computes the same value
 * differently leaves every reader of it untouched.
 */
public final class Value {
  private final String name;

  /** A new value, different from every other, also of the same name. */
  public Value(String name) {
    this.name = name;
  }

  /** The name, unique within a graph. */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return name;
  }
}
