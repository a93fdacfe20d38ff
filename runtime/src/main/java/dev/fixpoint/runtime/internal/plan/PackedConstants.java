package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The constants of a graph that a session need not keep, because every node that reads them holds
 * them packed.
 */
public final class PackedConstants {
  /** Smaller tensors are not worth it. */
  private static final long LEAST_BYTES = 1024;

  private static final long MOST_COPIED_BYTES = 1 << 15;

  private final Graph graph;
  private final Map<Value, Integer> packedUses = new HashMap<>();

  PackedConstants(Graph graph) {
    this.graph = graph;
  }

  /** Counts what the kernel of a node has packed. */
  void count(Node node, PreparedKernel kernel) {
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      if (input != null && kernel.isPacked(i)) {
        packedUses.merge(input, 1, Integer::sum);
      }
    }
  }

  /** Whether a value is a constant of which only the packed form is left. */
  static boolean isReleased(Graph graph, Value value) {
    return graph.constant(value) == null && graph.captures().contains(value);
  }

  /** The constants that are read in packed form only. */
  Set<Value> values() {
    Set<Value> values = new HashSet<>();
    packedUses.forEach(
        (value, uses) -> {
          Tensor tensor = graph.constant(value);
          if (tensor != null
              && tensor.data().byteSize() >= LEAST_BYTES
              && uses == graph.uses(value).size()
              && !graph.outputs().contains(value)) {
            values.add(value);
          }
        });
    return values;
  }

  /**
   * A graph without constants that nothing reads, and with copies of its small ones, which
   * otherwise may be windows of a whole file and keep it in memory.
   */
  public static Graph detached(Graph graph) {
    Map<Value, Tensor> copies = new LinkedHashMap<>(graph.initializers());
    copies
        .keySet()
        .removeIf(value -> graph.uses(value).isEmpty() && !graph.outputs().contains(value));
    copies.replaceAll((_, tensor) -> isSmall(tensor) ? copy(tensor) : tensor);
    GraphParts parts = graph.parts();
    return Graph.of(parts.withInitializers(copies));
  }

  private static boolean isSmall(Tensor tensor) {
    return tensor.elementType() != ElementType.STRING
        && tensor.data().byteSize() <= MOST_COPIED_BYTES;
  }

  private static Tensor copy(Tensor tensor) {
    return Tensor.of(
        tensor.type(), MemorySegment.ofArray(tensor.data().toArray(ValueLayout.JAVA_BYTE)));
  }

  /** A graph that knows of constants no more than their types. */
  public static Graph released(Graph graph, Set<Value> values) {
    if (values.isEmpty()) {
      return graph;
    }
    GraphParts parts = graph.parts();
    Map<Value, Tensor> kept = new LinkedHashMap<>(parts.initializers());
    Map<Value, TensorType> types = new LinkedHashMap<>(parts.types());
    List<Value> outside = new ArrayList<>(parts.captures());
    for (Value value : values) {
      Tensor tensor = kept.remove(value);
      if (tensor != null) {
        types.put(value, tensor.type());
        outside.add(value);
      }
    }
    return Graph.of(
        new GraphParts(
            parts.name(),
            parts.inputs(),
            parts.outputs(),
            outside,
            parts.nodes(),
            kept,
            types,
            parts.info()));
  }
}
