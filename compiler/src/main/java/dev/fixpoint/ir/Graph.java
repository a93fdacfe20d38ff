package dev.fixpoint.ir;

import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A neural network as an immutable graph: inputs, outputs, constants, and nodes in topological
 * order. Types are inferred when it is made; producers and uses are indexed.
 *
 * <p>Built from scratch by {@link GraphBuilder}; within a compilation the next graph comes from the
 * rewriter.
 */
public final class Graph implements GraphView {
  private final String name;
  private final List<Value> inputs;
  private final List<Value> outputs;
  private final List<Value> captures;
  private final List<Node> nodes;
  private final Map<Value, Tensor> initializers;
  private final ModelInfo info;
  private final Map<Value, TensorType> types;
  private final Map<Value, ShapeValue> shapeValues;
  private final Map<Value, Node> producers = new HashMap<>();
  private final Map<Value, List<Use>> uses = new HashMap<>();
  private final Set<Value> outputSet;

  private Graph(GraphParts parts, List<Node> sorted, TypeInference inferred) {
    this.name = parts.name();
    this.inputs = List.copyOf(parts.inputs());
    this.outputs = List.copyOf(parts.outputs());
    this.captures = List.copyOf(parts.captures());
    this.nodes = List.copyOf(sorted);
    this.initializers = Collections.unmodifiableMap(new LinkedHashMap<>(parts.initializers()));
    this.info = parts.info();
    this.types = inferred.types();
    this.shapeValues = inferred.shapeValues();
    this.outputSet = Set.copyOf(new HashSet<>(outputs));
    for (Node node : nodes) {
      node.outputs().forEach(output -> producers.put(output, node));
      indexUses(node);
    }
  }

  private void indexUses(Node node) {
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      if (input != null) {
        uses.computeIfAbsent(input, _ -> new ArrayList<>(1)).add(new Use(node, i));
      }
    }
    for (Value captured : node.captures()) {
      uses.computeIfAbsent(captured, _ -> new ArrayList<>(1)).add(new Use(node, Use.CAPTURE));
    }
  }

  /**
   * The graph of the given parts: sorted, with types inferred.
   *
   * @throws ModelException if a value has two producers or none, names clash, there is a cycle, or
   *     types contradict each other
   */
  public static Graph of(GraphParts parts) {
    List<Node> sorted = TopologicalOrder.of(parts);
    return new Graph(parts, sorted, TypeInference.infer(parts, sorted));
  }

  /** The name of the graph. */
  public String name() {
    return name;
  }

  /** The inputs, in order; constants are not among them. */
  public List<Value> inputs() {
    return inputs;
  }

  /** The outputs, in order. */
  public List<Value> outputs() {
    return outputs;
  }

  /** Values of enclosing graphs that this one reads; empty but for subgraphs. */
  public List<Value> captures() {
    return captures;
  }

  /** The nodes, each after the producers of its inputs. */
  public List<Node> nodes() {
    return nodes;
  }

  /** The constants. */
  public Map<Value, Tensor> initializers() {
    return initializers;
  }

  /** What the model file says besides the graph. */
  public ModelInfo info() {
    return info;
  }

  @Override
  public @Nullable Node producer(Value value) {
    return producers.get(value);
  }

  @Override
  public List<Use> uses(Value value) {
    return Collections.unmodifiableList(uses.getOrDefault(value, List.of()));
  }

  @Override
  public TensorType type(Value value) {
    return types.getOrDefault(value, TensorType.UNKNOWN);
  }

  @Override
  public @Nullable Tensor constant(Value value) {
    return initializers.get(value);
  }

  @Override
  public @Nullable ShapeValue shapeValue(Value value) {
    return shapeValues.get(value);
  }

  @Override
  public boolean isOutput(Value value) {
    return outputSet.contains(value);
  }

  @Override
  public long opset(String domain) {
    return info.opsets().getOrDefault(domain, 0L);
  }

  /** The value with a name, if there is one; a linear search. */
  public Optional<Value> find(String valueName) {
    return types.keySet().stream().filter(value -> value.name().equals(valueName)).findFirst();
  }

  /** The first node with a name, if there is one; a linear search. */
  public Optional<Node> findNode(String nodeName) {
    return nodes.stream().filter(node -> node.name().equals(nodeName)).findFirst();
  }

  /** Every value: inputs, captures, constants, and what nodes make. */
  public Set<Value> values() {
    return Collections.unmodifiableSet(types.keySet());
  }

  /** The types of all values, as far as known. */
  public Map<Value, TensorType> types() {
    return types;
  }

  /** The parts of this graph, to make another from. */
  public GraphParts parts() {
    return new GraphParts(name, inputs, outputs, captures, nodes, initializers, types, info);
  }

  /** This graph with other information besides the nodes. */
  public Graph withInfo(ModelInfo newInfo) {
    return of(parts().withInfo(newInfo));
  }

  @Override
  public String toString() {
    return "graph '" + name + "' with " + nodes.size() + " nodes";
  }
}
