package dev.fixpoint.rewrite.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.NameAuthority;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A graph taken apart while a pass rewrites it. Every change costs what it touches, not the graph.
 */
public final class WorkingCopy implements GraphView {
  private final Graph origin;
  private final NodeSequence nodes = new NodeSequence();
  private final Map<Value, Node> producers = new HashMap<>();
  private final Map<Value, Set<Use>> uses = new HashMap<>();
  private final Map<Value, Tensor> initializers;
  private final Map<Value, TensorType> types;
  private final Map<Value, ShapeValue> shapeValues = new HashMap<>();
  private final Set<Value> outputs;
  private final NameAuthority names;
  private Map<String, Long> opsets;

  /** Takes a graph apart. */
  public WorkingCopy(Graph graph) {
    this.origin = graph;
    this.initializers = new LinkedHashMap<>(graph.initializers());
    this.types = new HashMap<>(graph.types());
    this.outputs = new HashSet<>(graph.outputs());
    this.names = new NameAuthority(graph.values().stream().map(Value::name).toList());
    this.opsets = graph.info().opsets();
    for (Node node : graph.nodes()) {
      nodes.addLast(node);
      connect(node);
      for (Value output : node.outputs()) {
        ShapeValue shapeValue = graph.shapeValue(output);
        if (shapeValue != null) {
          shapeValues.put(output, shapeValue);
        }
      }
    }
  }

  @Override
  public @Nullable Node producer(Value value) {
    return producers.get(value);
  }

  @Override
  public List<Use> uses(Value value) {
    return List.copyOf(uses.getOrDefault(value, Set.of()));
  }

  @Override
  public int useCount(Value value) {
    return uses.getOrDefault(value, Set.of()).size();
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
    return outputs.contains(value);
  }

  @Override
  public long opset(String domain) {
    return opsets.getOrDefault(domain, 0L);
  }

  /** A name that no value has, the wish if possible. */
  public String uniqueName(String wish) {
    return names.unique(wish);
  }

  /** Whether a node is part of the graph now. */
  public boolean contains(Node node) {
    return nodes.contains(node);
  }

  /** Whether a value exists now. */
  public boolean contains(Value value) {
    return types.containsKey(value);
  }

  /** The nodes in their order now. */
  public List<Node> nodes() {
    return nodes.toList();
  }

  /** Adds a constant. */
  public void addConstant(Value value, Tensor tensor) {
    initializers.put(value, tensor);
    types.put(value, tensor.type());
  }

  /** Declares the opset version of a domain, where it is not there yet. */
  public void importDomain(String domain) {
    if (!opsets.containsKey(domain)) {
      Map<String, Long> more = new LinkedHashMap<>(opsets);
      more.put(domain, 1L);
      opsets = more;
    }
  }

  /**
   * Adds a node in front of another, and infers the types of its outputs.
   *
   * @throws ModelException if the operator refuses the inputs, or makes an existing value of
   *     another type
   */
  public void addBefore(Node anchor, Node node) {
    OpCall call = TypeInference.call(this, node);
    List<TensorType> inferred = TypeInference.inferTypes(node, call);
    for (int i = 0; i < inferred.size(); i++) {
      Value output = node.output(i);
      TensorType known = type(output);
      if (!inferred.get(i).isCompatibleWith(known)) {
        throw ModelException.at(
            node, "makes '" + output.name() + "' of type " + inferred.get(i) + ", not " + known);
      }
      types.put(output, inferred.get(i).refinedBy(known));
    }
    ShapeValue shapeValue = TypeInference.shapeValue(node, call);
    if (shapeValue != null) {
      shapeValues.put(node.output(), shapeValue);
    }
    nodes.addBefore(anchor, node);
    connect(node);
  }

  /** Replaces a node by one that makes the same outputs, in its place. */
  public void replace(Node old, Node node) {
    nodes.addBefore(old, node);
    remove(old);
    connect(node);
  }

  /** Removes a node; values that nobody makes any more must not be read any more. */
  public void remove(Node node) {
    nodes.remove(node);
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      if (input != null) {
        dropUse(input, new Use(node, i));
      }
    }
    node.captures().forEach(value -> dropUse(value, new Use(node, Use.CAPTURE)));
    node.outputs().forEach(output -> producers.remove(output, node));
  }

  private void dropUse(Value value, Use use) {
    Set<Use> readers = uses.get(value);
    if (readers != null) {
      readers.remove(use);
    }
  }

  private void connect(Node node) {
    node.outputs().forEach(output -> producers.put(output, node));
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      if (input != null) {
        uses.computeIfAbsent(input, _ -> new LinkedHashSet<>()).add(new Use(node, i));
      }
    }
    for (Value captured : node.captures()) {
      uses.computeIfAbsent(captured, _ -> new LinkedHashSet<>()).add(new Use(node, Use.CAPTURE));
    }
  }

  /** Whether nothing reads a value and it is no output. */
  public boolean isUnused(Value value) {
    return !outputs.contains(value) && uses.getOrDefault(value, Set.of()).isEmpty();
  }

  /** The finished graph, without constants that nobody reads. */
  public Graph freeze() {
    Map<Value, Tensor> read = new LinkedHashMap<>(initializers);
    read.keySet().removeIf(this::isUnused);
    ModelInfo info = origin.info().withOpsets(opsets);
    return Graph.of(
        new GraphParts(
            origin.name(),
            origin.inputs(),
            origin.outputs(),
            origin.captures(),
            new ArrayList<>(nodes.toList()),
            read,
            types,
            info));
  }
}
