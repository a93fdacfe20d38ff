package dev.fixpoint.onnx.internal;

import java.util.HashSet;
import java.util.Set;

/** All names of values in a model, so that a new value never hides one of them. */
final class SourceNames {
  private final Set<String> names = new HashSet<>();

  private SourceNames() {}

  static Set<String> of(SourceModel model) {
    SourceNames collector = new SourceNames();
    collector.add(model.graph());
    return collector.names;
  }

  private void add(SourceGraph graph) {
    graph.inputs().forEach(input -> names.add(input.name()));
    names.addAll(graph.initializers().keySet());
    for (SourceNode node : graph.nodes()) {
      names.addAll(node.outputs());
      node.attributes().values().forEach(this::add);
    }
  }

  private void add(SourceAttribute attribute) {
    switch (attribute) {
      case SourceAttribute.OfGraph graph -> add(graph.graph());
      case SourceAttribute.OfGraphs graphs -> graphs.graphs().forEach(this::add);
      case SourceAttribute.Plain _, SourceAttribute.Reference _ -> {}
    }
  }
}
