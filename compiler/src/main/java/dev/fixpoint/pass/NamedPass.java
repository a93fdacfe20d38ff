package dev.fixpoint.pass;

import dev.fixpoint.ir.Graph;
import java.util.Set;

/**
 * A pass under another name.
 *
 * @param name the name
 * @param pass the pass
 */
record NamedPass(String name, Pass pass) implements Pass {
  @Override
  public Graph transform(Graph graph, PassContext context) {
    return pass.transform(graph, context);
  }

  @Override
  public Set<GraphProperty> requires() {
    return pass.requires();
  }

  @Override
  public Set<GraphProperty> establishes() {
    return pass.establishes();
  }

  @Override
  public Set<GraphProperty> invalidates() {
    return pass.invalidates();
  }
}
