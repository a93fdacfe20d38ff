package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.WeightedOperator;
import java.util.HashMap;
import java.util.Map;

/**
 * A layer of the float graph, as the reference of its quantized form.
 *
 * @param graph the float graph
 * @param node the layer
 * @param weights its weights, factors included
 */
record FloatLayer(Graph graph, Node node, double... weights) {

  /** The layers with constant weights, by the value that they make. */
  static Map<Value, FloatLayer> of(Graph graph) {
    Map<Value, FloatLayer> layers = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (WeightedOperator.isWeighted(node)) {
        Tensor weights = graph.constant(node.input(WeightedOperator.WEIGHTS));
        if (weights != null) {
          double[] values = weights.toDoubles();
          for (int i = 0; i < values.length; i++) {
            values[i] *= WeightedOperator.productFactor(node);
          }
          layers.put(node.output(), new FloatLayer(graph, node, values));
        }
      }
    }
    return layers;
  }

  /** What the layer reads. */
  Value input() {
    return node.input(0);
  }

  /** The bias of each output channel, factors included; zeros where there is none. */
  double[] biases(int channels) {
    double[] biases = new double[channels];
    Value value = node.inputOrNull(WeightedOperator.BIAS);
    Tensor given = value == null ? null : graph.constant(value);
    for (int c = 0; given != null && c < channels; c++) {
      biases[c] =
          given.doubleAt(given.elementCount() == 1 ? 0 : c) * WeightedOperator.biasFactor(node);
    }
    return biases;
  }
}
