package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import java.util.Map;
import java.util.Optional;

/**
 * The walk over the quantized layers of a graph in which each layer is changed beside the float one
 * that it stands for, and sees what those before it became.
 */
final class LayerByLayer {
  private LayerByLayer() {}

  /** A change of one layer. */
  @FunctionalInterface
  interface Change {
    /** The graph with the layer changed, or the graph as it is. */
    Graph of(Graph graph, QuantizedLayer layer, FloatLayer real);
  }

  /** The graph with every layer changed that the reference has in float. */
  static Graph change(Graph graph, Reference reference, Change change) {
    Map<Value, FloatLayer> layers = FloatLayer.of(reference.graph());
    Graph current = graph;
    for (Node node : graph.nodes()) {
      FloatLayer real = layers.get(node.output());
      Optional<QuantizedLayer> layer = QuantizedLayer.of(current, node);
      if (layer.isPresent() && real != null) {
        current = change.of(current, layer.get(), real);
      }
    }
    return current;
  }
}
