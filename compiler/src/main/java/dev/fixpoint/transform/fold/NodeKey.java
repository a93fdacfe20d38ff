package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.OpaqueOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a node computes, as a key: equal keys give equal outputs.
 *
 * @param parts operator, attributes and inputs; in subgraphs values stand as numbers in the order
 *     in which they are made, and captured values as themselves
 */
record NodeKey(List<Object> parts) {
  private static final String OMITTED = "omitted";

  /**
   * The key of a node; empty where two calls may differ.
   *
   * @param same the value that stands for one that was merged
   */
  static Optional<NodeKey> of(Node node, UnaryOperator<Value> same) {
    Reader reader = new Reader(same);
    reader.node(node);
    return reader.repeatable
        ? Optional.of(new NodeKey(List.copyOf(reader.parts)))
        : Optional.empty();
  }

  /** Whether two calls of a node with the same inputs give the same outputs. */
  static boolean isRepeatable(Node node) {
    return of(node, UnaryOperator.identity()).isPresent();
  }

  /** Writes down the parts. */
  private static final class Reader {
    private final UnaryOperator<Value> same;
    private final Map<Value, Integer> numbers = new HashMap<>();
    private final List<Object> parts = new ArrayList<>();
    private boolean repeatable = true;

    private Reader(UnaryOperator<Value> same) {
      this.same = same;
    }

    private void node(Node node) {
      repeatable &= node.op().isDeterministic() && !(node.op() instanceof OpaqueOp);
      parts.add(node.opId());
      parts.add(node.inputs().size());
      node.inputs().forEach(this::value);
      parts.add(node.attributes().values().size());
      new TreeMap<>(node.attributes().values()).forEach(this::attribute);
    }

    private void value(@Nullable Value value) {
      Integer number = value == null ? null : numbers.get(value);
      if (value == null) {
        parts.add(OMITTED);
      } else {
        parts.add(number == null ? same.apply(value) : number);
      }
    }

    private void attribute(String name, AttributeValue value) {
      parts.add(name);
      if (value instanceof AttributeValue.OfGraph graph) {
        body(graph.value());
      } else if (value instanceof AttributeValue.OfGraphs graphs) {
        graphs.value().forEach(this::body);
      } else {
        parts.add(value);
      }
    }

    private void body(Body body) {
      if (!(body instanceof GraphBody inner)) {
        parts.add(body);
        return;
      }
      Graph graph = inner.graph();
      graph.inputs().forEach(input -> declare(input, graph.type(input)));
      graph.initializers().forEach(this::declare);
      for (Node node : graph.nodes()) {
        node(node);
        node.outputs().forEach(output -> declare(output, graph.type(output)));
      }
      parts.add(graph.outputs().size());
      graph.outputs().forEach(this::value);
    }

    private void declare(Value value, Object what) {
      numbers.put(value, numbers.size());
      parts.add(what);
    }
  }
}
