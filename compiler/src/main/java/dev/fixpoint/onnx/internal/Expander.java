package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.NameAuthority;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Spells out the operators of ours in a graph that is about to be written. The new nodes have no
 * definitions: such a graph is for writing only.
 */
final class Expander {
  private final Graph graph;
  private final @Nullable OpId function;
  private final NameAuthority names;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Value, Tensor> initializers;

  private Expander(Graph graph, @Nullable OpId function) {
    this.graph = graph;
    this.function = function;
    this.names = new NameAuthority(graph.values().stream().map(Value::name).toList());
    this.initializers = new LinkedHashMap<>(graph.initializers());
  }

  /** The graph with every operator that has an expansion spelled out, in subgraphs as well. */
  static Graph expand(Graph graph) {
    return isPlain(graph) ? graph : new Expander(graph, null).run();
  }

  /** As {@link #expand}, but calls of one operator become those of a function of the model. */
  static Graph expandExcept(Graph graph, OpId function) {
    return isPlain(graph) ? graph : new Expander(graph, function).run();
  }

  private static boolean isPlain(Graph graph) {
    for (Node node : graph.nodes()) {
      if (expansion(graph, node) != null) {
        return false;
      }
      for (AttributeValue value : node.attributes().values().values()) {
        if (!bodies(value).stream().allMatch(Expander::isPlainBody)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isPlainBody(Body body) {
    return !(body instanceof GraphBody inner) || isPlain(inner.graph());
  }

  private static List<Body> bodies(AttributeValue value) {
    return switch (value) {
      case AttributeValue.OfGraph body -> List.of(body.value());
      case AttributeValue.OfGraphs list -> list.value();
      default -> List.of();
    };
  }

  private static @Nullable Expansion expansion(Graph graph, Node node) {
    return node.opId().domain().equals(OpId.FIXPOINT)
        ? node.op().expansion(TypeInference.call(graph, node))
        : null;
  }

  private Graph run() {
    for (Node node : graph.nodes()) {
      Expansion expansion = expansion(graph, node);
      if (function != null && node.calls(function)) {
        nodes.add(FakeQuantFunction.call(node));
      } else if (expansion == null) {
        nodes.add(withExpandedBodies(node));
      } else {
        expand(node, expansion);
      }
    }
    return Graph.of(graph.parts().withNodes(nodes).withInitializers(initializers));
  }

  private void expand(Node node, Expansion expansion) {
    String base = node.output().name();
    Map<String, @Nullable Value> values = new HashMap<>();
    values.put("", null);
    for (int i = 0; i < node.inputs().size(); i++) {
      values.put(Expansion.input(i), node.inputs().get(i));
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      values.put(Expansion.output(i), node.output(i));
    }
    expansion
        .constants()
        .forEach(
            (name, tensor) -> {
              Value value = new Value(names.unique(base + "_" + name));
              values.put(name, value);
              initializers.put(value, tensor);
            });
    int number = 0;
    for (Expansion.Step step : expansion.steps()) {
      List<@Nullable Value> inputs = new ArrayList<>();
      for (String input : step.inputs()) {
        inputs.add(known(values, input, node));
      }
      List<Value> outputs = new ArrayList<>();
      for (String output : step.outputs()) {
        Value known = values.get(output);
        Value value = known == null ? new Value(names.unique(base + "_" + output)) : known;
        values.put(output, value);
        outputs.add(value);
      }
      OpDefinition op = new OpaqueOp(step.op());
      String name = node.name().isEmpty() || number == 0 ? node.name() : node.name() + "_" + number;
      nodes.add(
          new Node(
              name, op, step.attributes(), inputs, outputs, node.provenance(), node.docString()));
      number++;
    }
  }

  private static @Nullable Value known(
      Map<String, @Nullable Value> values, String name, Node node) {
    if (!values.containsKey(name)) {
      throw new IllegalStateException(
          "the expansion of " + node.opId() + " reads '" + name + "' before it is made");
    }
    return values.get(name);
  }

  private static Node withExpandedBodies(Node node) {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    boolean changed = false;
    for (Map.Entry<String, AttributeValue> entry : node.attributes().values().entrySet()) {
      AttributeValue value =
          switch (entry.getValue()) {
            case AttributeValue.OfGraph body -> new AttributeValue.OfGraph(expand(body.value()));
            case AttributeValue.OfGraphs list ->
                new AttributeValue.OfGraphs(list.value().stream().map(Expander::expand).toList());
            default -> entry.getValue();
          };
      changed |= !value.equals(entry.getValue());
      attributes.put(entry.getKey(), value);
    }
    return changed
        ? new Node(
            node.name(),
            node.op(),
            Attributes.of(attributes),
            node.inputs(),
            node.outputs(),
            node.provenance(),
            node.docString())
        : node;
  }

  private static Body expand(Body body) {
    return body instanceof GraphBody inner && !isPlain(inner.graph())
        ? new GraphBody(expand(inner.graph()))
        : body;
  }
}
