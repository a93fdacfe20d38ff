package dev.fixpoint.testing;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A graph under names that follow from its structure: lines that are equal for two graphs exactly
 * if they differ in names, in the order of nodes and in unread constants at most.
 */
final class CanonicalGraph {
  private static final int MOST_NODES = 1000;

  private final Graph graph;
  private final Map<Value, String> names = new LinkedHashMap<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final Set<Node> written = new HashSet<>();
  private final List<String> lines = new ArrayList<>();

  private CanonicalGraph(Graph graph) {
    this.graph = graph;
    if (graph.nodes().size() > MOST_NODES) {
      throw new IllegalArgumentException("a case has at most " + MOST_NODES + " nodes");
    }
    for (Value input : graph.inputs()) {
      names.put(input, "x" + names.size());
      lines.add(names.get(input) + " is " + graph.type(input));
    }
    for (Value output : graph.outputs()) {
      String name = name(output);
      lines.add("output " + name + " is " + graph.type(output));
    }
  }

  /**
   * The first difference of two graphs in words, or nothing where both are the same but for names.
   *
   * @param open names of constants of the expected graph of which only the type counts
   */
  static Optional<String> difference(Graph expected, Set<String> open, Graph actual) {
    CanonicalGraph wanted = new CanonicalGraph(expected);
    CanonicalGraph given = new CanonicalGraph(actual);
    if (!wanted.lines.equals(given.lines)) {
      return Optional.of(
          "the graph after the rule should be\n  "
              + String.join("\n  ", wanted.lines)
              + "\nbut is\n  "
              + String.join("\n  ", given.lines));
    }
    List<Tensor> constants = List.copyOf(given.constants.values());
    int index = 0;
    for (Map.Entry<Value, Tensor> constant : wanted.constants.entrySet()) {
      Tensor tensor = constants.get(index++);
      boolean typeOnly = open.contains(constant.getKey().name());
      Object should = typeOnly ? constant.getValue().type() : constant.getValue();
      if (!should.equals(typeOnly ? tensor.type() : tensor)) {
        return Optional.of(
            "constant '" + constant.getKey() + "' should be " + should + ", but is " + tensor);
      }
    }
    return Optional.empty();
  }

  private String name(Value value) {
    Node producer = graph.producer(value);
    if (producer != null && written.add(producer)) {
      write(producer);
    }
    Tensor constant = graph.constant(value);
    if (constant != null && !names.containsKey(value)) {
      names.put(value, "c" + constants.size());
      constants.put(value, constant);
    }
    return Objects.requireNonNull(names.get(value), () -> "no name for " + value);
  }

  private void write(Node node) {
    String inputs =
        node.inputs().stream()
            .map(input -> input == null ? "" : name(input))
            .collect(Collectors.joining(", ", "(", ")"));
    for (Value output : node.outputs()) {
      names.put(output, "v" + names.size());
    }
    String outputs = node.outputs().stream().map(names::get).collect(Collectors.joining(", "));
    lines.add(outputs + " = " + node.opId() + attributes(node) + inputs);
  }

  private static String attributes(Node node) {
    Map<String, AttributeValue> sorted = new TreeMap<>(node.attributes().values());
    return sorted.isEmpty()
        ? " "
        : sorted.entrySet().stream()
            .map(entry -> entry.getKey() + " = " + entry.getValue().content())
            .collect(Collectors.joining(", ", " <", "> "));
  }
}
