package dev.fixpoint.testing;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.testing.internal.GraphDraft;
import dev.fixpoint.testing.internal.GraphReducer;
import java.util.function.Predicate;

/** Looks for the smallest graph that something goes wrong on. */
final class SmallestGraph {
  private SmallestGraph() {}

  /**
   * A graph on which the same goes wrong and from which nothing more can be taken: outputs and
   * nodes go, sizes shrink, constants become simple. The given graph where nothing can.
   *
   * @param isBroken whether it goes wrong on a graph; what it throws counts as no
   */
  static Graph of(Graph graph, Predicate<Graph> isBroken) {
    return GraphReducer.smallest(GraphDraft.of(graph), draft -> isBroken.test(draft.build()))
        .build();
  }
}
