package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A subgraph with the values that it reads from outside; evaluated node by node in reference
 * semantics.
 *
 * @param graph the subgraph
 * @param captured values of enclosing graphs
 */
record BoundBody(Graph graph, Map<Value, Tensor> captured) implements Body {

  /** An attribute with its subgraphs bound; others as they are. */
  static AttributeValue bind(AttributeValue value, Map<Value, Tensor> captured) {
    return switch (value) {
      case AttributeValue.OfGraph one -> new AttributeValue.OfGraph(bind(one.value(), captured));
      case AttributeValue.OfGraphs many ->
          new AttributeValue.OfGraphs(
              many.value().stream().map(body -> bind(body, captured)).toList());
      default -> value;
    };
  }

  private static Body bind(Body body, Map<Value, Tensor> captured) {
    return body instanceof GraphBody graphBody ? new BoundBody(graphBody.graph(), captured) : body;
  }

  @Override
  public List<TensorType> inputTypes() {
    return graph.inputs().stream().map(graph::type).toList();
  }

  @Override
  public List<TensorType> outputTypes() {
    return graph.outputs().stream().map(graph::type).toList();
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> inputs) {
    Map<Value, Tensor> known = new HashMap<>(captured);
    known.putAll(graph.initializers());
    for (int i = 0; i < graph.inputs().size(); i++) {
      known.put(graph.inputs().get(i), inputs.get(i));
    }
    for (Node node : graph.nodes()) {
      List<@Nullable Tensor> arguments = new ArrayList<>();
      for (Value input : node.inputs()) {
        arguments.add(input == null ? null : known.get(input));
      }
      Map<String, AttributeValue> values = new LinkedHashMap<>(node.attributes().values());
      values.replaceAll((_, value) -> bind(value, known));
      List<Tensor> outputs =
          node.op()
              .evaluate(OpCall.ofTensors(Attributes.of(values), arguments, node.outputs().size()));
      for (int i = 0; i < node.outputs().size(); i++) {
        known.put(node.output(i), outputs.get(i));
      }
    }
    return graph.outputs().stream().map(value -> Objects.requireNonNull(known.get(value))).toList();
  }
}
