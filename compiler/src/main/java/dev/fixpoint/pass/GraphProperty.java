package dev.fixpoint.pass;

import dev.fixpoint.ir.Graph;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something that a pass establishes and later passes count on, with the check that it is really so.
 *
 * @param name such as {@code FOLDED}
 * @param violation empty where a graph has the property, else what contradicts it
 */
public record GraphProperty(String name, Function<Graph, Optional<String>> violation) {
  @Override
  public String toString() {
    return name;
  }
}
