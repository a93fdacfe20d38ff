package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Computes before the first run what no run can change: nodes of constants, and shapes that are
 * known once the shapes of the inputs are.
 */
public final class ConstantFolding {
  private final Graph graph;
  private final Set<Value> taps;
  private final Map<Value, Tensor> constants;

  private ConstantFolding(Graph graph, Set<Value> taps) {
    this.graph = graph;
    this.taps = taps;
    this.constants = new LinkedHashMap<>(graph.initializers());
  }

  /** The graph without the nodes whose outputs are known; tapped values stay computed. */
  public static Graph fold(Graph graph, Set<Value> taps) {
    return new ConstantFolding(graph, taps).fold();
  }

  private Graph fold() {
    List<Node> kept = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (!isKnown(node)) {
        kept.add(node);
      }
    }
    if (kept.size() == graph.nodes().size()) {
      return graph;
    }
    GraphParts parts = graph.parts();
    return Graph.of(parts.withNodes(kept).withInitializers(constants));
  }

  private boolean isKnown(Node node) {
    if (node.outputs().stream().anyMatch(taps::contains)) {
      return false;
    }
    if (node.outputs().size() == 1) {
      Tensor shape = shapeTensor(node.output());
      if (shape != null) {
        constants.put(node.output(), shape);
        return true;
      }
    }
    if (!node.op().isDeterministic()
        || node.op() instanceof OpaqueOp
        || !node.captures().isEmpty()
        || node.inputs().isEmpty()) {
      return false;
    }
    List<@Nullable Tensor> inputs = new ArrayList<>();
    for (Value input : node.inputs()) {
      Tensor constant = input == null ? null : constants.get(input);
      if (input != null && constant == null) {
        return false;
      }
      inputs.add(constant);
    }
    OpCall call = OpCall.ofTensors(node.attributes(), inputs, node.outputs().size());
    List<Tensor> outputs = node.op().evaluate(call);
    for (int i = 0; i < node.outputs().size(); i++) {
      constants.put(node.output(i), outputs.get(i));
    }
    return true;
  }

  private @Nullable Tensor shapeTensor(Value value) {
    ShapeValue known = graph.shapeValue(value);
    long[] numbers = known == null ? null : known.numbers();
    ElementType type = graph.type(value).elementType();
    boolean integer = type == ElementType.INT64 || type == ElementType.INT32;
    if (known == null || numbers == null || !integer) {
      return null;
    }
    Shape shape = known.scalar() ? Shape.SCALAR : Shape.of(numbers.length);
    return Tensor.ofLongs(type, shape, numbers);
  }
}
