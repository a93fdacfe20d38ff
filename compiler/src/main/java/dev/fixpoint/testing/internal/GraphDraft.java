package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.NameAuthority;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.GraphEdit;
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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A generated graph taken apart, so that hooks, surroundings and shrinking can change it; {@link
 * #build} puts it together. Nodes are found by their first output, which a change does not touch.
 */
public final class GraphDraft implements GraphEdit {
  private final Map<Value, TensorType> inputs = new LinkedHashMap<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final Map<Value, Node> nodes = new LinkedHashMap<>();
  private final Set<Value> outputs = new LinkedHashSet<>();
  private final Set<Value> blurred = new HashSet<>();
  private final Captures captures = new Captures();
  private final Map<String, Long> opsets = new LinkedHashMap<>(ModelInfo.DEFAULT.opsets());
  private @Nullable Graph built;
  private Map<Value, TensorType> lastTypes = Map.of();

  /** An empty draft. */
  public GraphDraft() {}

  /** A graph taken apart. */
  public static GraphDraft of(Graph graph) {
    GraphDraft draft = new GraphDraft();
    graph.inputs().forEach(input -> draft.inputs.put(input, graph.type(input)));
    draft.constants.putAll(graph.initializers());
    graph.nodes().forEach(node -> draft.nodes.put(node.output(), node));
    draft.outputs.addAll(graph.outputs());
    draft.opsets.putAll(graph.info().opsets());
    draft.lastTypes = graph.types();
    return draft;
  }

  /** A draft of its own with the same parts. */
  public GraphDraft copy() {
    GraphDraft copy = new GraphDraft();
    copy.inputs.putAll(inputs);
    copy.constants.putAll(constants);
    copy.nodes.putAll(nodes);
    copy.outputs.addAll(outputs);
    copy.blurred.addAll(blurred);
    copy.captures.addAll(captures);
    copy.opsets.putAll(opsets);
    copy.built = built;
    copy.lastTypes = lastTypes;
    return copy;
  }

  /**
   * The graph.
   *
   * @throws dev.fixpoint.ir.ModelException if the parts are no graph
   */
  public Graph build() {
    Graph known = built;
    if (known != null) {
      return known;
    }
    Graph plain = Graph.of(parts(nodes.values(), inputs.keySet(), outputs));
    Graph whole = captures.isEmpty() ? plain : withCaptures(plain);
    built = whole;
    lastTypes = whole.types();
    return whole;
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

  /** The type of an input with its true sizes, also where inference does not know them. */
  public TensorType trueType(Value input) {
    TensorType type = inputs.get(input);
    return type == null ? Captures.CONDITION : type;
  }

  /** The inputs of the graph but for those of its subgraphs. */
  public Set<Value> inputs() {
    return inputs.keySet();
  }

  /** The constants. */
  public Map<Value, Tensor> constants() {
    return constants;
  }

  /** The nodes. */
  public List<Node> nodes() {
    return List.copyOf(nodes.values());
  }

  /** The outputs of the graph. */
  public Set<Value> outputs() {
    return outputs;
  }

  /** The node that makes a value as its first output. */
  public Node nodeOf(Value output) {
    return Objects.requireNonNull(nodes.get(output));
  }

  /** Takes a node away. */
  public void remove(Node node) {
    changed();
    nodes.remove(node.output());
  }

  /** Takes all subgraphs away. */
  public void removeCaptures() {
    changed();
    captures.clear();
  }

  /** Takes an input or constant away. */
  public void removeSource(Value value) {
    changed();
    inputs.remove(value);
    constants.remove(value);
  }

  /** Makes a value no output of the graph. */
  public void dropOutput(Value value) {
    changed();
    outputs.remove(value);
  }

  /** Adds a node. */
  public Node addNode(
      String wish,
      OpDefinition op,
      Attributes attributes,
      List<? extends @Nullable Value> nodeInputs,
      int outputCount) {
    changed();
    List<Value> made = new ArrayList<>();
    for (int i = 0; i < outputCount; i++) {
      made.add(new Value(unique(outputCount == 1 ? wish : wish + "_" + i)));
    }
    Node node = new Node("", op, attributes, nodeInputs, made);
    nodes.put(node.output(), node);
    return node;
  }

  @Override
  public Node addNode(OpDefinition op, List<Value> nodeInputs) {
    return addNode(op.id().name().toLowerCase(Locale.ROOT), op, Attributes.NONE, nodeInputs, 1);
  }

  private void changed() {
    built = null;
  }

  private String unique(String wish) {
    List<String> taken = new ArrayList<>();
    inputs.keySet().forEach(value -> taken.add(value.name()));
    constants.keySet().forEach(value -> taken.add(value.name()));
    nodes.values().forEach(node -> node.outputs().forEach(value -> taken.add(value.name())));
    captures.names(taken);
    return new NameAuthority(taken).unique(wish);
  }

  @Override
  public void setConstant(Value constant, Tensor tensor) {
    changed();
    if (constants.containsKey(constant)) {
      constants.put(constant, tensor);
    }
  }

  @Override
  public Value addConstant(String wish, Tensor tensor) {
    changed();
    Value value = new Value(unique(wish));
    constants.put(value, tensor);
    return value;
  }

  @Override
  public Value addInput(String wish, TensorType type) {
    changed();
    Value value = new Value(unique(wish));
    inputs.put(value, type);
    return value;
  }

  @Override
  public <T> void setAttribute(Node node, Attribute<T> key, T value) {
    Node now = nodeOf(node.output());
    replace(now, now.attributes().with(key, value), now.inputs());
  }

  @Override
  public void removeAttribute(Node node, Attribute<?> key) {
    Node now = nodeOf(node.output());
    replace(now, now.attributes().without(key.name()), now.inputs());
  }

  @Override
  public void setInput(Node node, int index, Value value) {
    putInput(node, index, value);
  }

  @Override
  public void omitInput(Node node, int index) {
    putInput(node, index, null);
  }

  private void putInput(Node node, int index, @Nullable Value value) {
    Node now = nodeOf(node.output());
    List<@Nullable Value> changed = new ArrayList<>(now.inputs());
    while (changed.size() <= index) {
      changed.add(null);
    }
    changed.set(index, value);
    replace(now, now.attributes(), changed);
  }

  private void replace(
      Node node, Attributes attributes, List<? extends @Nullable Value> nodeInputs) {
    changed();
    nodes.put(
        node.output(), new Node(node.name(), node.op(), attributes, nodeInputs, node.outputs()));
  }

  /** Lets all nodes read another value in place of one. */
  public void reroute(Value from, Value target) {
    for (Node node : nodes()) {
      for (int i = 0; i < node.inputs().size(); i++) {
        if (node.inputs().get(i) == from) {
          putInput(node, i, target);
        }
      }
    }
  }

  @Override
  public void addReader(Value value) {
    TensorType type = type(value);
    OpDefinition reader = type.elementType().isFloat() ? StandardOps.ABS : StandardOps.SHAPE;
    outputs.add(addNode("reader", reader, Attributes.NONE, List.of(value), 1).output());
  }

  /** The type of a value in the graph as it was built last. */
  TensorType typeBefore(Value value) {
    return lastTypes.getOrDefault(value, TensorType.UNKNOWN);
  }

  private TensorType type(Value value) {
    Tensor constant = constants.get(value);
    return constant != null ? constant.type() : build().type(value);
  }

  @Override
  public void addCapture(Value value) {
    String name = unique("branch");
    changed();
    captures.add(value, name);
  }

  @Override
  public void isolate(Value value, Node reader) {
    TensorType type = type(value);
    outputs.remove(value);
    captures.remove(value);
    for (Node node : nodes()) {
      boolean stays = node.output() == reader.output();
      if (!stays && node.inputs().contains(value)) {
        Value instead = addInput("instead", type);
        for (int i = 0; i < node.inputs().size(); i++) {
          if (node.inputs().get(i) == value) {
            setInput(node, i, instead);
          }
        }
      }
    }
    changed();
    boolean read = nodes.values().stream().anyMatch(node -> node.inputs().contains(value));
    if (!read) {
      addReader(value);
    }
  }

  @Override
  public void makeOutput(Value value) {
    changed();
    outputs.add(value);
  }

  @Override
  public void hideOutput(Value value) {
    boolean shown = outputs.remove(value) | captures.remove(value);
    changed();
    boolean read = nodes.values().stream().anyMatch(node -> node.inputs().contains(value));
    if (shown && (!read || outputs.isEmpty())) {
      addReader(value);
    }
  }

  @Override
  public void makeInput(Value constant) {
    Tensor tensor = constants.remove(constant);
    if (tensor != null) {
      changed();
      inputs.put(constant, tensor.type());
    }
  }

  @Override
  public void makeConstant(Value input) {
    TensorType type = inputs.remove(input);
    if (type != null) {
      changed();
      constants.put(input, drawn(input, type));
    }
  }

  private static Tensor drawn(Value value, TensorType type) {
    return new TensorDraws(new SplittableRandom(value.name().hashCode())).draw(type, Fill.ANY);
  }

  @Override
  public void retype(Value source, TensorType type) {
    changed();
    Tensor constant = constants.get(source);
    if (constant != null) {
      constants.put(source, converted(source, constant, type));
    } else if (inputs.containsKey(source)) {
      inputs.put(source, type);
    }
  }

  private static Tensor converted(Value value, Tensor tensor, TensorType type) {
    if (!tensor.shape().equals(type.shape())
        || !tensor.elementType().isFloat()
        || !type.elementType().isFloat()) {
      return drawn(value, type);
    }
    return Tensor.ofDoubles(type.elementType(), type.shape(), tensor.toDoubles());
  }

  @Override
  public void retypeAll(ElementType from, ElementType target) {
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

  @Override
  public void blur(Value value) {
    changed();
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

  @Override
  public void setOpset(String domain, long version) {
    changed();
    opsets.put(domain, version);
  }
}
