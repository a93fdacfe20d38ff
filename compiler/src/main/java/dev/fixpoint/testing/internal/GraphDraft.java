package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.GraphEdit;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A generated graph taken apart, so that hooks, surroundings and shrinking can change it; {@link
 * #build} puts it together. Nodes are found by their first output, which a change does not touch.
 */
public final class GraphDraft implements GraphEdit {
  private final DraftParts parts;
  private @Nullable Graph built;
  private Map<Value, TensorType> lastTypes = Map.of();

  /** An empty draft. */
  public GraphDraft() {
    this(new DraftParts());
  }

  private GraphDraft(DraftParts parts) {
    this.parts = parts;
  }

  /** A graph taken apart. */
  public static GraphDraft of(Graph graph) {
    GraphDraft draft = new GraphDraft(DraftParts.of(graph));
    draft.lastTypes = graph.types();
    return draft;
  }

  /** A draft of its own with the same parts. */
  public GraphDraft copy() {
    GraphDraft copy = new GraphDraft(parts.copy());
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
    Graph whole = parts.assembled();
    built = whole;
    lastTypes = whole.types();
    return whole;
  }

  /** The type of an input with its true sizes, also where inference does not know them. */
  public TensorType trueType(Value input) {
    TensorType type = parts.inputs.get(input);
    return type == null ? Captures.CONDITION : type;
  }

  /** The inputs of the graph but for those of its subgraphs. */
  public Set<Value> inputs() {
    return parts.inputs.keySet();
  }

  /** The constants. */
  public Map<Value, Tensor> constants() {
    return parts.constants;
  }

  /** The nodes. */
  public List<Node> nodes() {
    return List.copyOf(parts.nodes.values());
  }

  /** The outputs of the graph. */
  public Set<Value> outputs() {
    return parts.outputs;
  }

  /** The node that makes a value as its first output. */
  public Node nodeOf(Value output) {
    return Objects.requireNonNull(parts.nodes.get(output));
  }

  /** Takes a node away. */
  public void remove(Node node) {
    changed();
    parts.nodes.remove(node.output());
  }

  /** Takes all subgraphs away. */
  public void removeCaptures() {
    changed();
    parts.captures.clear();
  }

  /** Takes an input or constant away. */
  public void removeSource(Value value) {
    changed();
    parts.inputs.remove(value);
    parts.constants.remove(value);
  }

  /** Makes a value no output of the graph. */
  public void dropOutput(Value value) {
    changed();
    parts.outputs.remove(value);
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
      made.add(new Value(parts.unique(outputCount == 1 ? wish : wish + "_" + i)));
    }
    Node node = new Node("", op, attributes, nodeInputs, made);
    parts.nodes.put(node.output(), node);
    return node;
  }

  @Override
  public Node addNode(OpDefinition op, List<Value> nodeInputs) {
    return addNode(op.id().name().toLowerCase(Locale.ROOT), op, Attributes.NONE, nodeInputs, 1);
  }

  private void changed() {
    built = null;
  }

  @Override
  public void setConstant(Value constant, Tensor tensor) {
    changed();
    if (parts.constants.containsKey(constant)) {
      parts.constants.put(constant, tensor);
    }
  }

  @Override
  public Value addConstant(String wish, Tensor tensor) {
    changed();
    Value value = new Value(parts.unique(wish));
    parts.constants.put(value, tensor);
    return value;
  }

  @Override
  public Value addInput(String wish, TensorType type) {
    changed();
    Value value = new Value(parts.unique(wish));
    parts.inputs.put(value, type);
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
    parts.nodes.put(
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
    parts.outputs.add(addNode("reader", reader, Attributes.NONE, List.of(value), 1).output());
  }

  /** The type of a value in the graph as it was built last. */
  TensorType typeBefore(Value value) {
    return lastTypes.getOrDefault(value, TensorType.UNKNOWN);
  }

  private TensorType type(Value value) {
    Tensor constant = parts.constants.get(value);
    return constant != null ? constant.type() : build().type(value);
  }

  @Override
  public void addCapture(Value value) {
    String name = parts.unique("branch");
    changed();
    parts.captures.add(value, name);
  }

  @Override
  public void isolate(Value value, Node reader) {
    TensorType type = type(value);
    parts.outputs.remove(value);
    parts.captures.remove(value);
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
    if (!parts.isRead(value)) {
      addReader(value);
    }
  }

  @Override
  public void makeOutput(Value value) {
    changed();
    parts.outputs.add(value);
  }

  @Override
  public void hideOutput(Value value) {
    boolean shown = parts.outputs.remove(value) | parts.captures.remove(value);
    changed();
    if (shown && (!parts.isRead(value) || parts.outputs.isEmpty())) {
      addReader(value);
    }
  }

  @Override
  public void makeInput(Value constant) {
    changed();
    parts.makeInput(constant);
  }

  @Override
  public void makeConstant(Value input) {
    changed();
    parts.makeConstant(input);
  }

  @Override
  public void retype(Value source, TensorType type) {
    changed();
    parts.retype(source, type);
  }

  @Override
  public void retypeAll(ElementType from, ElementType target) {
    changed();
    parts.retypeAll(from, target);
  }

  @Override
  public void blur(Value value) {
    changed();
    parts.blurSourcesOf(value);
  }

  @Override
  public void setOpset(String domain, long version) {
    changed();
    parts.opsets.put(domain, version);
  }
}
