package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One graph, main or sub, while it is being assembled. An inlined function adds to its caller's.
 */
final class Frame {
  private final @Nullable Frame parent;
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Value, Tensor> initializers = new LinkedHashMap<>();
  private final Map<Value, TensorType> types = new LinkedHashMap<>();
  private final Set<Value> captures = new LinkedHashSet<>();
  private final Set<Value> own = new HashSet<>();

  Frame(@Nullable Frame parent) {
    this.parent = parent;
  }

  /** Makes a value one of this graph: of an input, an initializer or a node's output. */
  void own(Value value) {
    own.add(value);
  }

  void addInput(Value value) {
    own.add(value);
    inputs.add(value);
  }

  void addOutput(Value value) {
    reach(value);
    outputs.add(value);
  }

  void addInitializer(Value value, Tensor tensor) {
    own.add(value);
    initializers.put(value, tensor);
  }

  void addNode(Node node) {
    nodes.add(node);
    for (Value input : node.inputs()) {
      if (input != null) {
        reach(input);
      }
    }
    node.captures().forEach(this::reach);
  }

  void declare(Value value, TensorType type) {
    types.put(value, type);
  }

  @Nullable Tensor constant(Value value) {
    Tensor tensor = initializers.get(value);
    return tensor != null || parent == null ? tensor : parent.constant(value);
  }

  /**
   * Notes that a value is read here: one of an enclosing graph is captured on all levels between.
   */
  private void reach(Value value) {
    if (parent != null && !own.contains(value) && captures.add(value)) {
      parent.reach(value);
    }
  }

  /**
   * The graph. Types of captured values are those known outside; where these contradict a subgraph,
   * it stands in a branch that is not taken with them, and is kept without them.
   *
   * @throws ModelException if it is no graph
   */
  Graph graph(String name, ModelInfo info, KnownTypes known) {
    Map<Value, TensorType> all = new LinkedHashMap<>(types);
    captures.forEach(captured -> all.put(captured, known.type(captured)));
    try {
      return graph(name, info, all);
    } catch (ModelException e) {
      if (captures.isEmpty()) {
        throw e;
      }
      return graph(name, info, types);
    }
  }

  private Graph graph(String name, ModelInfo info, Map<Value, TensorType> declared) {
    return Graph.of(
        new GraphParts(
            name, inputs, outputs, List.copyOf(captures), nodes, initializers, declared, info));
  }
}
