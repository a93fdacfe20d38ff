package dev.fixpoint.examples;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of a graph as a graph of its own, to be read: small integer constants stay, the others are
 * inputs, so that a text has neither weights nor measured scales.
 */
final class GraphExcerpt {
  private static final int SMALL = 4;

  private GraphExcerpt() {}

  /** The nodes by which one value follows from another. */
  static Graph of(Graph graph, String from, String to) {
    Value start = graph.find(from).orElseThrow();
    Value end = graph.find(to).orElseThrow();
    Set<Node> wanted = between(graph, start, end);
    List<Node> nodes = graph.nodes().stream().filter(wanted::contains).toList();
    Set<Value> inputs = new LinkedHashSet<>(List.of(start));
    Map<Value, Tensor> constants = new LinkedHashMap<>();
    Map<Value, TensorType> types = new LinkedHashMap<>();
    for (Node node : nodes) {
      for (Value input : node.inputs()) {
        if (input == null || wanted.contains(graph.producer(input))) {
          continue;
        }
        types.put(input, graph.type(input));
        Tensor constant = graph.constant(input);
        if (constant != null && isShown(constant)) {
          constants.put(input, constant);
        } else {
          inputs.add(input);
        }
      }
    }
    GraphParts whole = graph.parts();
    return Graph.of(
        new GraphParts(
            "block",
            List.copyOf(inputs),
            List.of(end),
            List.of(),
            nodes,
            constants,
            types,
            whole.info()));
  }

  private static Set<Node> between(Graph graph, Value start, Value end) {
    Set<Node> nodes = new HashSet<>();
    Deque<Value> open = new ArrayDeque<>(List.of(end));
    while (!open.isEmpty()) {
      Value value = open.pop();
      Node producer = graph.producer(value);
      if (producer != null && !value.equals(start) && nodes.add(producer)) {
        producer.inputs().stream().filter(input -> input != null).forEach(open::push);
      }
    }
    return nodes;
  }

  private static boolean isShown(Tensor tensor) {
    return !tensor.elementType().isFloat() && tensor.elementCount() <= SMALL;
  }
}
