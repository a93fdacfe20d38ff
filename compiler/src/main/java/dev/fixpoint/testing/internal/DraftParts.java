package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.NameAuthority;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/** What a drafted graph is made of: its sources and their types, nodes, outputs and subgraphs. */
final class DraftParts {
  final Map<Value, TensorType> inputs = new LinkedHashMap<>();
  final Map<Value, Tensor> constants = new LinkedHashMap<>();

  /** Nodes by their first output. */
  final Map<Value, Node> nodes = new LinkedHashMap<>();

  final Set<Value> outputs = new LinkedHashSet<>();

  /** Inputs that are declared with sizes that have names. */
  final Set<Value> blurred = new HashSet<>();

  final Captures captures = new Captures();
  final Map<String, Long> opsets = new LinkedHashMap<>(ModelInfo.DEFAULT.opsets());

  /** The parts of a graph. */
  static DraftParts of(Graph graph) {
    DraftParts parts = new DraftParts();
    graph.inputs().forEach(input -> parts.inputs.put(input, graph.type(input)));
    parts.constants.putAll(graph.initializers());
    graph.nodes().forEach(node -> parts.nodes.put(node.output(), node));
    parts.outputs.addAll(graph.outputs());
    parts.opsets.putAll(graph.info().opsets());
    return parts;
  }

  DraftParts copy() {
    DraftParts copy = new DraftParts();
    copy.inputs.putAll(inputs);
    copy.constants.putAll(constants);
    copy.nodes.putAll(nodes);
    copy.outputs.addAll(outputs);
    copy.blurred.addAll(blurred);
    copy.captures.addAll(captures);
    copy.opsets.putAll(opsets);
    return copy;
  }

  /** The graph that they are. */
  Graph assembled() {
    Graph plain = Graph.of(parts(nodes.values(), inputs.keySet(), outputs));
    return captures.isEmpty() ? plain : withCaptures(plain);
  }

  private Graph withCaptures(Graph plain) {
    List<Node> all = new ArrayList<>(nodes.values());
    List<Value> sources = new ArrayList<>(inputs.keySet());
    Set<Value> results = new LinkedHashSet<>(outputs);
    captures.addTo(plain, all, sources, results);
    return Graph.of(parts(all, sources, results));
  }

  private GraphParts parts(
      Iterable<Node> graphNodes, Iterable<Value> graphInputs, Set<Value> graphOutputs) {
    List<Node> list = new ArrayList<>();
    graphNodes.forEach(list::add);
    List<Value> sources = new ArrayList<>();
    graphInputs.forEach(sources::add);
    Map<Value, TensorType> declared = new LinkedHashMap<>();
    inputs.forEach(
        (value, type) -> declared.put(value, blurred.contains(value) ? blur(value, type) : type));
    captures.declare(declared);
    return new GraphParts(
        "g",
        sources,
        new ArrayList<>(graphOutputs),
        List.of(),
        list,
        constants,
        declared,
        ModelInfo.DEFAULT.withOpsets(opsets));
  }

  private static TensorType blur(Value value, TensorType type) {
    List<Dimension> named = new ArrayList<>();
    for (int i = 0; i < type.shape().rank(); i++) {
      named.add(Dimension.of(value.name() + "_" + i));
    }
    return type.withShape(Shape.of(named));
  }

  /** A name that nothing has yet. */
  String unique(String wish) {
    List<String> taken = new ArrayList<>();
    inputs.keySet().forEach(value -> taken.add(value.name()));
    constants.keySet().forEach(value -> taken.add(value.name()));
    nodes.values().forEach(node -> node.outputs().forEach(value -> taken.add(value.name())));
    captures.names(taken);
    return new NameAuthority(taken).unique(wish);
  }

  /** Whether a node reads a value. */
  boolean isRead(Value value) {
    return nodes.values().stream().anyMatch(node -> node.inputs().contains(value));
  }

  /** Lets inputs that a value is made of have sizes without numbers. */
  void blurSourcesOf(Value value) {
    Set<Value> seen = new HashSet<>();
    List<Value> work = new ArrayList<>(List.of(value));
    while (!work.isEmpty()) {
      Value next = work.removeLast();
      if (inputs.containsKey(next)) {
        blurred.add(next);
      }
      for (Node node : nodes.values()) {
        if (node.outputs().contains(next) && seen.add(next)) {
          node.inputs().stream().filter(Objects::nonNull).forEach(work::add);
        }
      }
    }
  }

  /** Turns a constant into an input. */
  void makeInput(Value constant) {
    Tensor tensor = constants.remove(constant);
    if (tensor != null) {
      inputs.put(constant, tensor.type());
    }
  }

  /** Turns an input into a constant with drawn elements. */
  void makeConstant(Value input) {
    TensorType type = inputs.remove(input);
    if (type != null) {
      constants.put(input, drawn(input, type));
    }
  }

  /** Gives an input or constant another type; elements are kept where they can be. */
  void retype(Value source, TensorType type) {
    Tensor constant = constants.get(source);
    if (constant != null) {
      constants.put(source, converted(source, constant, type));
    } else if (inputs.containsKey(source)) {
      inputs.put(source, type);
    }
  }

  /** Gives all inputs and constants of one element type another one. */
  void retypeAll(ElementType from, ElementType target) {
    for (Value input : List.copyOf(inputs.keySet())) {
      TensorType type = Objects.requireNonNull(inputs.get(input));
      if (type.elementType() == from) {
        retype(input, type.withElementType(target));
      }
    }
    for (Value constant : List.copyOf(constants.keySet())) {
      TensorType type = Objects.requireNonNull(constants.get(constant)).type();
      if (type.elementType() == from) {
        retype(constant, type.withElementType(target));
      }
    }
  }

  private static Tensor drawn(Value value, TensorType type) {
    return new TensorDraws(new SplittableRandom(value.name().hashCode())).draw(type, Fill.ANY);
  }

  private static Tensor converted(Value value, Tensor tensor, TensorType type) {
    if (!tensor.shape().equals(type.shape())
        || !tensor.elementType().isFloat()
        || !type.elementType().isFloat()) {
      return drawn(value, type);
    }
    return Tensor.ofDoubles(type.elementType(), type.shape(), tensor.toDoubles());
  }
}
