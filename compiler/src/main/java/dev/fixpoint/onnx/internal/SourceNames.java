package dev.fixpoint.onnx.internal;

import java.util.HashSet;
import java.util.Set;

/**
 * The names in a model: those that values are given, so that a new one never hides another, and
 * those that something reads, wherever it stands.
 */
final class SourceNames {
  private final Set<String> names = new HashSet<>();
  private final Set<String> given;
  private final Set<String> read = new HashSet<>();
  private boolean subgraphs;

  /** Collects the names of a model. */
  SourceNames(SourceModel model) {
    add(model.graph());
    given = Set.copyOf(names);
    for (SourceFunction function : model.functions()) {
      read.addAll(function.outputs());
      function.nodes().forEach(this::add);
    }
  }

  /** Names of values of the graph and its subgraphs; those in functions are new with every call. */
  Set<String> given() {
    return given;
  }

  /** Whether a node, a graph or a function reads a value of that name. */
  boolean isRead(String name) {
    return read.contains(name);
  }

  /** Whether a node has a subgraph. */
  boolean hasSubgraphs() {
    return subgraphs;
  }

  private void add(SourceGraph graph) {
    graph.inputs().forEach(input -> names.add(input.name()));
    names.addAll(graph.initializers().keySet());
    graph.outputs().forEach(output -> read.add(output.name()));
    graph.nodes().forEach(this::add);
  }

  private void add(SourceNode node) {
    names.addAll(node.outputs());
    read.addAll(node.inputs());
    node.attributes().values().forEach(this::add);
  }

  private void add(SourceAttribute attribute) {
    switch (attribute) {
      case SourceAttribute.OfGraph graph -> addSubgraph(graph.graph());
      case SourceAttribute.OfGraphs graphs -> graphs.graphs().forEach(this::addSubgraph);
      case SourceAttribute.Plain _, SourceAttribute.Reference _ -> {}
    }
  }

  private void addSubgraph(SourceGraph graph) {
    subgraphs = true;
    add(graph);
  }
}
