package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.HashSet;
import java.util.Set;

/**
 * What a graph costs.
 *
 * @param nodes number of nodes
 * @param functions number of nodes that are more than a quantizer or a dequantizer
 * @param products multiply-accumulates; 0 where sizes are not known
 * @param bytes bytes of the constants that nodes read, and of what nodes make as far as known
 */
record Cost(int nodes, int functions, long products, long bytes) {
  static Cost of(Graph graph) {
    int functions = 0;
    long products = 0;
    long bytes = 0;
    Set<Value> counted = new HashSet<>();
    for (Node node : graph.nodes()) {
      boolean converts =
          node.calls(QuantOps.QUANTIZE_LINEAR) || node.calls(QuantOps.DEQUANTIZE_LINEAR);
      functions += converts ? 0 : 1;
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
    return new Cost(graph.nodes().size(), functions, products, bytes);
  }

  private static long bytes(TensorType type) {
    return type.shape().isStatic() && type.elementType().bits() > 0
        ? type.elementType().bytes(type.shape().elementCount())
        : 0;
  }

  /** Whether another graph costs more in one way or another. */
  boolean isExceededBy(Cost other) {
    return other.nodes > nodes
        || other.functions > functions
        || other.products > products
        || other.bytes > bytes;
  }
}
