package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Values that carry an attention mask: a huge negative number, or minus infinity, added or put in
 * where something must not count. A quantizer that held it would have no steps left for the rest.
 */
final class MaskedValues {
  /** Numbers up to this one mark what is masked. */
  static final double SENTINEL = -1e4;

  private static final List<OpDefinition> CARRIERS =
      List.of(
          StandardOps.ADD,
          StandardOps.SUB,
          StandardOps.MUL,
          StandardOps.WHERE,
          StandardOps.EXPAND,
          StandardOps.CONCAT);

  private MaskedValues() {}

  /** The values that carry a mask, constants among them. */
  static Set<Value> of(Graph graph) {
    Set<Value> masked = new HashSet<>();
    for (Node node : graph.nodes()) {
      boolean carries =
          CARRIERS.stream().anyMatch(node::calls)
              || QuantRole.of(node).equals(Optional.of(QuantRole.SAME_SCALE));
      if (carries && node.inputs().stream().anyMatch(v -> v != null && isMask(graph, v, masked))) {
        masked.addAll(node.outputs());
      }
    }
    return masked;
  }

  private static boolean isMask(Graph graph, Value value, Set<Value> masked) {
    Tensor constant = graph.constant(value);
    if (constant == null) {
      return masked.contains(value);
    }
    if (!constant.elementType().isFloat()) {
      return false;
    }
    for (double element : constant.toDoubles()) {
      if (element <= SENTINEL) {
        return true;
      }
    }
    return false;
  }
}
