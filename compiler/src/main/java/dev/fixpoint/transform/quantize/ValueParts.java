package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tensors that a value is put together from by Concat, and by what only moves elements. */
final class ValueParts {
  private ValueParts() {}

  /** The parts, constants left out; the value alone where no Concat makes it. */
  static Set<Value> of(Graph graph, Value value) {
    Set<Value> parts = new LinkedHashSet<>();
    Set<Value> seen = new HashSet<>();
    Deque<Value> work = new ArrayDeque<>(List.of(value));
    while (!work.isEmpty()) {
      Value next = work.removeLast();
      if (!seen.add(next) || graph.constant(next) != null) {
        continue;
      }
      Node producer = graph.producer(next);
      Optional<QuantRole> role = producer == null ? Optional.empty() : QuantRole.of(producer);
      if (producer != null && role.equals(Optional.of(QuantRole.CONCAT))) {
        QuantRole.dataInputs(producer).forEach(i -> work.addLast(producer.input(i)));
      } else if (producer != null && (isStub(producer) || keepsElements(producer, role))) {
        work.addLast(producer.input(0));
      } else {
        parts.add(next);
      }
    }
    return parts;
  }

  private static boolean isStub(Node node) {
    return node.calls(QuantOps.QUANT_STUB) || node.calls(QuantOps.DEQUANT_STUB);
  }

  /** Whether all elements of the input are in the output: a part of it may be small. */
  private static boolean keepsElements(Node node, Optional<QuantRole> role) {
    return role.equals(Optional.of(QuantRole.SAME_SCALE)) && !QuantRole.selects(node);
  }
}
