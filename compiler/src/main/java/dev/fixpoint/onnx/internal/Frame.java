package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
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

/** One graph, main or sub, while it is being assembled. An inlined function adds to its caller's. */
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

  /** Notes that a value is read here: one of an enclosing graph is captured on all levels between. */
  private void reach(Value value) {
    if (parent != null && !own.contains(value) && captures.add(value)) {
      parent.reach(value);
    }
  }

  /** The graph; types of captured values are taken from the enclosing graphs. */
  Graph graph(String name, ModelInfo info) {
    Map<Value, TensorType> all = new LinkedHashMap<>(types);
    captures.forEach(captured -> all.put(captured, declaredOutside(captured)));
    return Graph.of(
        new GraphParts(
            name, inputs, outputs, List.copyOf(captures), nodes, initializers, all, info));
  }

  private TensorType declaredOutside(Value value) {
    for (Frame frame = parent; frame != null; frame = frame.parent) {
      Tensor tensor = frame.initializers.get(value);
      if (tensor != null) {
        return tensor.type();
      }
      TensorType type = frame.types.get(value);
      if (type != null) {
        return type;
      }
    }
    return TensorType.UNKNOWN;
  }
}
