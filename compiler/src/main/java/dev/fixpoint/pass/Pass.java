package dev.fixpoint.pass;

import dev.fixpoint.ir.Graph;
import java.util.Set;

/**
 * A function from graph to graph. It has no state between runs, and changes the graph only through
 * {@link PassContext#rewrite}, with a contract for each change.
 *
 * <pre>{@code
 * Pass dropIdentities = (graph, context) -> context.rewrite(graph, rewriter -> {
 *   for (Node node : graph.nodes()) {
 *     ...
 *     rewriter.replace("drop-identities", List.of(node), build -> ..., ErrorContract.bitExact());
 *   }
 * });
 * }</pre>
 */
@FunctionalInterface
public interface Pass {
  /** The next graph; the same object where nothing changed. */
  Graph transform(Graph graph, PassContext context);

  /** The name in reports and messages. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** What must have been established before. */
  default Set<GraphProperty> requires() {
    return Set.of();
  }

  /** What holds afterwards. */
  default Set<GraphProperty> establishes() {
    return Set.of();
  }

  /** What may no longer hold afterwards. */
  default Set<GraphProperty> invalidates() {
    return Set.of();
  }

  /** This pass under a name. */
  default Pass named(String name) {
    return new NamedPass(name, this);
  }
}
