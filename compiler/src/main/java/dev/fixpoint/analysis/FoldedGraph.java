package dev.fixpoint.analysis;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A graph together with every value that depends on constants alone, such as weights behind a
 * dequantizer.
 */
final class FoldedGraph {
  private final Graph graph;
  private final Map<Value, Tensor> constants;

  private FoldedGraph(Graph graph, Map<Value, Tensor> constants) {
    this.graph = graph;
    this.constants = constants;
  }

  /** Evaluates what depends on constants alone. */
  static FoldedGraph of(Graph graph) {
    Map<Value, Tensor> constants = new HashMap<>(graph.initializers());
    for (Node node : graph.nodes()) {
      boolean known =
          node.op().isDeterministic()
              && node.captures().isEmpty()
              && node.inputs().stream().filter(Objects::nonNull).allMatch(constants::containsKey);
      if (known && !node.inputs().isEmpty()) {
        fold(node, constants);
      }
    }
    return new FoldedGraph(graph, constants);
  }

  private static void fold(Node node, Map<Value, Tensor> constants) {
    List<@Nullable Tensor> inputs = new ArrayList<>();
    for (Value input : node.inputs()) {
      inputs.add(input == null ? null : constants.get(input));
    }
    try {
      List<Tensor> results = ReferenceInterpreter.evaluate(node, inputs);
      for (int i = 0; i < node.outputs().size(); i++) {
        constants.put(node.output(i), results.get(i));
      }
    } catch (ModelException _) {
      // The operator refuses these inputs: its outputs are not known before it runs.
      return;
    }
  }

  /** The graph. */
  Graph graph() {
    return graph;
  }

  /** The tensor of a value that depends on constants alone, else null. */
  @Nullable Tensor constant(Value value) {
    return constants.get(value);
  }

  /** Whether a value depends on constants alone. */
  boolean isConstant(Value value) {
    return constants.containsKey(value);
  }

  /** The call of a node. */
  OpCall call(Node node) {
    return TypeInference.call(node, graph::type, constants::get, graph::shapeValue);
  }
}
