package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.HashSet;
import java.util.Set;

/**
 * What a graph costs.
 *
 * @param nodes number of nodes
 * @param products multiply-accumulates; 0 where sizes are not known
 * @param bytes bytes of the constants that nodes read, and of what nodes make as far as known
 */
record Cost(int nodes, long products, long bytes) {
  static Cost of(Graph graph) {
    long products = 0;
    long bytes = 0;
    Set<Value> counted = new HashSet<>();
    for (Node node : graph.nodes()) {
      if (node.outputs().stream().allMatch(v -> graph.type(v).shape().isStatic())) {
        products += node.op().multiplyAccumulates(TypeInference.call(graph, node));
      }
      for (Value input : node.inputs()) {
        Tensor constant = input == null ? null : graph.constant(input);
        if (constant != null && counted.add(input)) {
          bytes += bytes(constant.type());
        }
      }
      for (Value output : node.outputs()) {
        bytes += bytes(graph.type(output));
      }
    }
    return new Cost(graph.nodes().size(), products, bytes);
  }

  private static long bytes(TensorType type) {
    return type.shape().isStatic() && type.elementType().bits() > 0
        ? type.elementType().bytes(type.shape().elementCount())
        : 0;
  }

  /** Whether another graph costs more in one way or another. */
  boolean isExceededBy(Cost other) {
    return other.nodes > nodes || other.products > products || other.bytes > bytes;
  }
}
