package dev.fixpoint.ir;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Where a node comes from: the names of the nodes of the original model that it stands for, and the
 * rewrites that made it, oldest first.
 *
 * @param sources names of original nodes
 * @param rewrites names of rules and passes
 */
public record Provenance(List<String> sources, List<String> rewrites) {
  /** Of a node that nothing is recorded of. */
  public static final Provenance NONE = new Provenance(List.of(), List.of());

  /** Keeps immutable copies. */
  public Provenance {
    sources = List.copyOf(sources);
    rewrites = List.copyOf(rewrites);
  }

  /** Of a node read from a model. */
  public static Provenance source(String nodeName) {
    return new Provenance(List.of(nodeName), List.of());
  }

  /** Of a node made by a rewrite from other nodes. */
  public static Provenance rewritten(Collection<Node> nodes, String rewrite) {
    LinkedHashSet<String> sources = new LinkedHashSet<>();
    LinkedHashSet<String> rewrites = new LinkedHashSet<>();
    for (Node node : nodes) {
      sources.addAll(node.provenance().sources());
      rewrites.addAll(node.provenance().rewrites());
    }
    rewrites.add(rewrite);
    return new Provenance(List.copyOf(sources), List.copyOf(rewrites));
  }
}
