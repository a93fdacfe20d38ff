package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantStub;
import dev.fixpoint.rewrite.RewriteException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stubs that share their parameters. Those must between which an operator only moves or selects
 * elements: sharing is transitive, the groups are the classes of a union-find, and the range of a
 * group holds the ranges of its members.
 *
 * <p>A branch that only a Concat reads, and that shares with nothing else, takes the parameters of
 * the result: it is rounded to them anyway, and so is rounded once instead of twice.
 */
final class ScaleGroups {
  private final Map<Node, Node> parents = new HashMap<>();

  private ScaleGroups() {}

  /** The range of each stub's group. */
  static Map<Node, Interval> ranges(Graph graph) {
    ScaleGroups groups = required(graph);
    groups.joinBranches(graph);
    return groups.rangesIn(graph);
  }

  /** The range of each stub's group, branches of a Concat left to themselves. */
  static Map<Node, Interval> requiredRanges(Graph graph) {
    return required(graph).rangesIn(graph);
  }

  private static ScaleGroups required(Graph graph) {
    ScaleGroups groups = new ScaleGroups();
    for (Node node : graph.nodes()) {
      groups.join(graph, node);
    }
    return groups;
  }

  private Map<Node, Interval> rangesIn(Graph graph) {
    Map<Node, Interval> byRoot = new HashMap<>();
    Map<Node, Interval> byStub = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (node.calls(QuantOps.QUANT_STUB)) {
        byRoot.merge(root(node), range(node), Interval::join);
      }
    }
    for (Node node : graph.nodes()) {
      Interval range = byRoot.get(root(node));
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

  private void joinBranches(Graph graph) {
    Set<Node> shared = new HashSet<>(parents.keySet());
    shared.addAll(parents.values());
    for (Node stub : graph.nodes()) {
      if (!stub.calls(QuantOps.QUANT_STUB) || shared.contains(stub)) {
        continue;
      }
      List<Use> readers = graph.uses(stub.output());
      boolean once = readers.size() == 1 && !graph.outputs().contains(stub.output());
      if (once && QuantRole.of(readers.getFirst().node()).equals(Optional.of(QuantRole.CONCAT))) {
        joinResult(graph, stub, readers.getFirst().node());
      }
    }
  }

  private void joinResult(Graph graph, Node branch, Node concat) {
    for (Use use : graph.uses(concat.output())) {
      if (use.node().calls(QuantOps.QUANT_STUB) && root(use.node()) != root(branch)) {
        parents.put(root(branch), root(use.node()));
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
