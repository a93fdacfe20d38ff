package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Provenance;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds functions of bytes that are written as {@code Gather(table, Cast(x))}, and makes them one
 * step each: {@code QTable(x, table)}. A negative index counts from the end of the table, as the
 * same byte without its sign does from its start.
 */
public final class TableLookups {
  private static final OpId CAST = OpId.of("Cast");
  private static final OpId GATHER = OpId.of("Gather");
  private static final Attribute<Long> AXIS = Attribute.ofInt("axis", 0);
  private static final Attribute<Long> TO = Attribute.ofInt("to");
  private static final int ENTRIES = 256;

  private TableLookups() {}

  /** The graph with such functions as one node each; tapped values stay computed. */
  public static Graph joined(Graph graph, Set<Value> taps) {
    Readers readers = new Readers(graph, taps);
    Set<Node> gone = new HashSet<>();
    List<Node> made = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Node gather = node.opId().equals(CAST) ? lookUp(readers, node) : null;
      if (gather != null) {
        gone.addAll(List.of(node, gather));
        made.add(
            new Node(
                gather.name(),
                QuantOps.Q_TABLE,
                Attributes.NONE,
                List.of(node.input(0), gather.input(0)),
                gather.outputs(),
                Provenance.source(gather.name()),
                ""));
      }
    }
    if (made.isEmpty()) {
      return graph;
    }
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.removeAll(gone);
    nodes.addAll(made);
    GraphParts parts = graph.parts();
    return Graph.of(parts.withNodes(nodes));
  }

  /** The look-up that alone reads the bytes that a node widens; null if there is none. */
  private static @Nullable Node lookUp(Readers readers, Node cast) {
    Graph graph = readers.graph();
    Long to = cast.attributes().find(TO);
    boolean widens =
        isByte(graph.type(cast.input(0)).elementType())
            && to != null
            && (to == ElementType.INT32.code() || to == ElementType.INT64.code());
    Node gather = widens ? readers.only(cast, GATHER) : null;
    if (gather == null || !gather.input(1).equals(cast.output()) || gather.get(AXIS) != 0) {
      return null;
    }
    Tensor table = graph.constant(gather.input(0));
    boolean fits =
        table != null
            && isByte(table.elementType())
            && table.shape().rank() == 1
            && table.elementCount() == ENTRIES;
    return fits ? gather : null;
  }

  private static boolean isByte(ElementType type) {
    return type == ElementType.INT8 || type == ElementType.UINT8;
  }
}
