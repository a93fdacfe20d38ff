package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantStub;
import dev.fixpoint.rewrite.RewriteException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Stubs that must share their parameters, because an operator between them only moves or selects
 * elements. Sharing is transitive: the groups are the classes of a union-find, and the range of a
 * group holds the ranges of its members.
 */
final class ScaleGroups {
  private final Map<Node, Node> parents = new HashMap<>();

  private ScaleGroups() {}

  /** The range of each stub's group. */
  static Map<Node, Interval> ranges(Graph graph) {
    ScaleGroups groups = new ScaleGroups();
    for (Node node : graph.nodes()) {
      groups.join(graph, node);
    }
    Map<Node, Interval> byRoot = new HashMap<>();
    Map<Node, Interval> byStub = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (node.calls(QuantOps.QUANT_STUB)) {
        byRoot.merge(groups.root(node), range(node), Interval::join);
      }
    }
    for (Node node : graph.nodes()) {
      Interval range = byRoot.get(groups.root(node));
      if (node.calls(QuantOps.QUANT_STUB) && range != null) {
        byStub.put(node, range);
      }
    }
    return byStub;
  }

  /** The range of a stub alone. */
  static Interval range(Node stub) {
    Float low = stub.attributes().find(QuantStub.MIN);
    Float high = stub.attributes().find(QuantStub.MAX);
    if (low == null || high == null) {
      throw new RewriteException(stub.describe() + " has no range; calibrate first");
    }
    return new Interval(low, high);
  }

  private void join(Graph graph, Node node) {
    if (!QuantRole.of(node).equals(Optional.of(QuantRole.SAME_SCALE))) {
      return;
    }
    Node before = graph.producer(node.input(0));
    if (before == null || !before.calls(QuantOps.QUANT_STUB)) {
      return;
    }
    for (var output : node.outputs()) {
      for (Use use : graph.uses(output)) {
        if (use.node().calls(QuantOps.QUANT_STUB)) {
          parents.put(root(use.node()), root(before));
        }
      }
    }
  }

  private Node root(Node node) {
    Node root = node;
    for (Node parent = parents.get(root); parent != null && parent != root; ) {
      root = parent;
      parent = parents.get(root);
    }
    return root;
  }
}
