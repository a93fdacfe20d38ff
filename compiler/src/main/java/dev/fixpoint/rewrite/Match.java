package dev.fixpoint.rewrite;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A place where a pattern fits: the nodes it covers, and what its captures stand for. */
public final class Match implements MatchResult {
  private final GraphView graph;
  private final Node root;
  private final List<Node> nodes;
  private final Map<Capture<?>, Object> captured;

  /**
   * A match. For matchers.
   *
   * @param nodes the root first, then the other nodes that the pattern covers
   */
  public Match(GraphView graph, Node root, List<Node> nodes, Map<Capture<?>, Object> captured) {
    this.graph = graph;
    this.root = root;
    this.nodes = List.copyOf(nodes);
    this.captured = new LinkedHashMap<>(captured);
  }

  /** The graph in which the pattern fits. */
  public GraphView graph() {
    return graph;
  }

  /** The node at which the pattern starts. */
  public Node root() {
    return root;
  }

  /** The nodes that the pattern covers, the root first. */
  public List<Node> nodes() {
    return nodes;
  }

  /**
   * What a capture stands for.
   *
   * @throws IllegalArgumentException if the pattern has no such capture, or took an alternative
   *     without it
   */
  public <T> T get(Capture<T> key) {
    return find(key)
        .orElseThrow(
            () -> new IllegalArgumentException("the match has nothing for capture '" + key + "'"));
  }

  /** What a capture stands for, if the alternative that matched has it. */
  public <T> Optional<T> find(Capture<T> key) {
    return Optional.ofNullable(captured.get(key)).map(key.kind()::cast);
  }

  /** The tensor of a captured initializer. */
  public Tensor constant(Capture<Value> key) {
    Tensor tensor = graph.constant(get(key));
    if (tensor == null) {
      throw new ModelException("'" + get(key).name() + "' is not constant");
    }
    return tensor;
  }

  /** The tensor of a captured initializer, if there is one. */
  public Optional<Tensor> findConstant(Capture<Value> key) {
    return find(key).map(graph::constant);
  }

  /** The type of a value, as far as known. */
  public TensorType type(Value value) {
    return graph.type(value);
  }
}
