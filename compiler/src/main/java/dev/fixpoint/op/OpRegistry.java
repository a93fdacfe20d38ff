package dev.fixpoint.op;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An immutable catalogue of operator definitions, by domain and name. */
public final class OpRegistry {
  private final Map<OpId, OpDefinition> definitions;

  private OpRegistry(Map<OpId, OpDefinition> definitions) {
    this.definitions = definitions;
  }

  /**
   * A catalogue of the given definitions.
   *
   * @throws IllegalArgumentException if two have the same domain and name
   */
  public static OpRegistry of(Collection<? extends OpDefinition> definitions) {
    Map<OpId, OpDefinition> byId = new LinkedHashMap<>();
    for (OpDefinition definition : definitions) {
      if (byId.put(definition.id(), definition) != null) {
        throw new IllegalArgumentException("two definitions of operator " + definition.id());
      }
    }
    return new OpRegistry(byId);
  }

  /** This catalogue and another; definitions of the other replace those with the same identity. */
  public OpRegistry plus(OpRegistry other) {
    Map<OpId, OpDefinition> merged = new LinkedHashMap<>(definitions);
    merged.putAll(other.definitions);
    return new OpRegistry(merged);
  }

  /** This catalogue and more definitions, which replace those with the same identity. */
  public OpRegistry plus(OpDefinition... more) {
    return plus(of(List.of(more)));
  }

  /** The definition of an operator, if there is one. */
  public Optional<OpDefinition> find(OpId id) {
    return Optional.ofNullable(definitions.get(id));
  }

  /** The definition of an operator; throws where there is none. */
  public OpDefinition get(OpId id) {
    return find(id)
        .orElseThrow(
            () -> new IllegalArgumentException("operator " + id + " has no definition here"));
  }

  /** All definitions, in the order of the catalogue. */
  public List<OpDefinition> definitions() {
    return List.copyOf(definitions.values());
  }
}
