package dev.fixpoint.ir;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a graph from scratch, node by node. Names are made unique where they clash.
 *
 * <pre>{@code
 * var graph = new GraphBuilder("g");
 * Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 1, 3));
 * Value y = graph.call("y", StandardOps.RELU, Attributes.NONE, x);
 * graph.output(y);
 * Graph built = graph.build();
 * }</pre>
 */
public final class GraphBuilder {
  private final String name;
  private final NameAuthority names = new NameAuthority(List.of());
  private final NameAuthority nodeNames = new NameAuthority(List.of());
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Value, Tensor> initializers = new LinkedHashMap<>();
  private final Map<Value, TensorType> types = new LinkedHashMap<>();
  private ModelInfo info = ModelInfo.DEFAULT;

  /** Starts a graph with a name. */
  public GraphBuilder(String name) {
    this.name = name;
  }

  /** Adds an input. */
  public Value input(String wish, TensorType type) {
    Value value = new Value(names.unique(wish));
    inputs.add(value);
    types.put(value, type);
    return value;
  }

  /** Adds a constant. */
  public Value constant(String wish, Tensor tensor) {
    Value value = new Value(names.unique(wish));
    initializers.put(value, tensor);
    return value;
  }

  /** Adds a node with one output, named as the node; an omitted input is null. */
  public Value call(
      String wish, OpDefinition op, Attributes attributes, @Nullable Value... callInputs) {
    return call(wish, op, attributes, Arrays.asList(callInputs), 1).getFirst();
  }

  /** Adds a node with any number of outputs; an omitted input is null. */
  public List<Value> call(
      String wish,
      OpDefinition op,
      Attributes attributes,
      List<? extends @Nullable Value> callInputs,
      int outputCount) {
    List<Value> made = new ArrayList<>();
    for (int i = 0; i < outputCount; i++) {
      made.add(new Value(names.unique(outputCount == 1 ? wish : wish + "_" + i)));
    }
    String nodeName = nodeNames.unique(wish);
    nodes.add(
        new Node(nodeName, op, attributes, callInputs, made, Provenance.source(nodeName), ""));
    return made;
  }

  /** Makes a value an output. */
  public GraphBuilder output(Value value) {
    outputs.add(value);
    return this;
  }

  /** Sets what the model says besides its graph. */
  public GraphBuilder info(ModelInfo newInfo) {
    this.info = newInfo;
    return this;
  }

  /**
   * The graph, with types inferred.
   *
   * @throws ModelException if it is not a graph or its types contradict each other
   */
  public Graph build() {
    return Graph.of(
        new GraphParts(name, inputs, outputs, List.of(), nodes, initializers, types, info));
  }
}
