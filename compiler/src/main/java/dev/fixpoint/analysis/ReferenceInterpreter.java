package dev.fixpoint.analysis;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.ModelException;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates graphs in reference semantics, node by node in their order: each operator in double or
 * exact integers, rounded once. Values are dropped after their last reader.
 */
public final class ReferenceInterpreter implements Evaluator {
  @Override
  public Evaluation prepare(Graph graph, Set<Value> taps) {
    Map<Value, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      for (Value input : node.inputs()) {
        if (input != null) {
          lastUse.put(input, i);
        }
      }
      for (Value captured : node.captures()) {
        lastUse.put(captured, i);
      }
    }
    return new Run(graph, Set.copyOf(taps), lastUse);
  }

  /**
   * The outputs of a node for the given inputs.
   *
   * @param inputs null where omitted
   * @throws ModelException if the operator refuses them, naming the node
   */
  public static List<Tensor> evaluate(Node node, List<@Nullable Tensor> inputs) {
    return evaluate(node, node.attributes(), inputs);
  }

  private static List<Tensor> evaluate(
      Node node, Attributes attributes, List<@Nullable Tensor> inputs) {
    try {
      OpCall call = OpCall.ofTensors(attributes, inputs, node.outputs().size());
      requireRoom(node.op().inferTypes(call));
      return node.op().evaluate(call);
    } catch (IllegalArgumentException
        | IllegalStateException
        | ArithmeticException
        | UnsupportedOperationException e) {
      throw new ModelException(node.describe() + ": " + e.getMessage(), e);
    } catch (IndexOutOfBoundsException e) {
      throw new ModelException(
          node.describe() + ": its inputs do not fit each other (" + e.getMessage() + ")", e);
    }
  }

  /** Refuses results that the heap could never hold in double, before any of it is taken. */
  private static void requireRoom(List<TensorType> outputs) {
    for (TensorType type : outputs) {
      long most = Runtime.getRuntime().maxMemory() / Double.BYTES;
      if (type.shape().isRanked()
          && type.shape().isStatic()
          && type.shape().elementCount() > most) {
        throw new IllegalArgumentException(
            "its output of type "
                + type
                + " does not fit the heap; give Java more memory (-Xmx) or the model smaller inputs");
      }
    }
  }

  /** A graph made ready, with the index of the last reader of each value. */
  private record Run(Graph graph, Set<Value> taps, Map<Value, Integer> lastUse)
      implements Evaluation {
    @Override
    public Map<String, Tensor> evaluate(Map<String, Tensor> inputs, Tap tap) {
      Map<Value, Tensor> values = new HashMap<>(graph.initializers());
      for (Value input : graph.inputs()) {
        values.put(input, input(inputs, input));
      }
      return visit(values, tap);
    }

    private Map<String, Tensor> visit(Map<Value, Tensor> values, Tap tap) {
      values.forEach((value, tensor) -> tell(tap, value, tensor));
      for (int i = 0; i < graph.nodes().size(); i++) {
        Node node = graph.nodes().get(i);
        List<@Nullable Tensor> arguments = new ArrayList<>();
        for (Value input : node.inputs()) {
          arguments.add(input == null ? null : values.get(input));
        }
        List<Tensor> results = ReferenceInterpreter.evaluate(node, bound(node, values), arguments);
        for (int k = 0; k < node.outputs().size(); k++) {
          values.put(node.output(k), results.get(k));
          tell(tap, node.output(k), results.get(k));
        }
        drop(node, i, values);
      }
      Map<String, Tensor> outputs = new LinkedHashMap<>();
      for (Value output : graph.outputs()) {
        outputs.put(output.name(), values.get(output));
      }
      return outputs;
    }

    private void tell(Tap tap, Value value, Tensor tensor) {
      if (taps.contains(value)) {
        tap.accept(value, tensor);
      }
    }

    private void drop(Node node, int index, Map<Value, Tensor> values) {
      for (Value input : node.inputs()) {
        if (input != null && Objects.equals(lastUse.get(input), index) && !graph.isOutput(input)) {
          values.remove(input);
        }
      }
    }

    private Tensor input(Map<String, Tensor> inputs, Value value) {
      Tensor tensor = inputs.get(value.name());
      TensorType type = graph.type(value);
      if (tensor == null) {
        throw new ModelException("input '" + value.name() + "' of type " + type + " is not given");
      }
      if (!tensor.type().isCompatibleWith(type)) {
        throw new ModelException(
            "input '" + value.name() + "' takes " + type + ", but " + tensor.type() + " is given");
      }
      return tensor;
    }

    private static Attributes bound(Node node, Map<Value, Tensor> values) {
      boolean hasBody =
          node.attributes().values().values().stream()
              .anyMatch(
                  v -> v instanceof AttributeValue.OfGraph || v instanceof AttributeValue.OfGraphs);
      if (!hasBody) {
        return node.attributes();
      }
      Map<String, AttributeValue> bound = new LinkedHashMap<>();
      node.attributes()
          .values()
          .forEach(
              (name, value) ->
                  bound.put(
                      name,
                      switch (value) {
                        case AttributeValue.OfGraph graph ->
                            new AttributeValue.OfGraph(bind(graph.value(), values));
                        case AttributeValue.OfGraphs graphs ->
                            new AttributeValue.OfGraphs(
                                graphs.value().stream().map(body -> bind(body, values)).toList());
                        default -> value;
                      }));
      return Attributes.of(bound);
    }

    private static Body bind(Body body, Map<Value, Tensor> values) {
      if (!(body instanceof GraphBody graphBody)) {
        return body;
      }
      Map<Value, Tensor> captured = new HashMap<>();
      for (Value value : graphBody.captures()) {
        captured.put(value, values.get(value));
      }
      Graph graph = graphBody.graph();
      Run run = (Run) new ReferenceInterpreter().prepare(graph, Set.of());
      return new BoundBody(graphBody, run, captured);
    }
  }

  /** A subgraph with the values that it reads from outside. */
  private record BoundBody(GraphBody body, Run run, Map<Value, Tensor> captured) implements Body {
    @Override
    public List<TensorType> inputTypes() {
      return body.inputTypes();
    }

    @Override
    public List<TensorType> outputTypes() {
      return body.outputTypes();
    }

    @Override
    public List<Tensor> evaluate(List<Tensor> inputs) {
      Graph graph = body.graph();
      if (inputs.size() != graph.inputs().size()) {
        throw new IllegalArgumentException(
            "subgraph '"
                + graph.name()
                + "' takes "
                + graph.inputs().size()
                + " inputs, not "
                + inputs.size());
      }
      Map<Value, Tensor> values = new HashMap<>(graph.initializers());
      values.putAll(captured);
      for (int i = 0; i < inputs.size(); i++) {
        values.put(graph.inputs().get(i), inputs.get(i));
      }
      Map<String, Tensor> results = run.visit(values, (_, _) -> {});
      return graph.outputs().stream().map(output -> required(results, output)).toList();
    }

    private static Tensor required(Map<String, Tensor> results, Value output) {
      Tensor tensor = results.get(output.name());
      if (tensor == null) {
        throw new IllegalStateException("output '" + output.name() + "' was not computed");
      }
      return tensor;
    }
  }
}
