package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Provenance;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds integer convolutions that come to float in several steps and makes them one step each, with
 * the same float32 operations: {@code Mul(Cast(ConvInteger(x, W)), Mul(s, S))} is {@code QConv(x,
 * s, W, S)} with a float result.
 */
public final class ScaledConvolutions {
  private static final OpId CONVOLUTION = OpId.of("ConvInteger");
  private static final OpId CAST = OpId.of("Cast");
  private static final OpId MUL = OpId.of("Mul");
  private static final Attribute<Long> TO = Attribute.ofInt("to");
  private static final int X_ZERO = 2;
  private static final int W_ZERO = 3;

  private final Graph graph;
  private final Set<Value> taps;
  private final Set<Node> gone = new HashSet<>();
  private final List<Node> made = new ArrayList<>();
  private final Map<Value, Tensor> initializers;

  private ScaledConvolutions(Graph graph, Set<Value> taps) {
    this.graph = graph;
    this.taps = taps;
    this.initializers = new HashMap<>(graph.parts().initializers());
  }

  /** The graph with such convolutions as one node each; tapped values stay computed. */
  public static Graph joined(Graph graph, Set<Value> taps) {
    return new ScaledConvolutions(graph, taps).joined();
  }

  private Graph joined() {
    for (Node node : graph.nodes()) {
      if (node.opId().equals(CONVOLUTION)) {
        join(node);
      }
    }
    if (made.isEmpty()) {
      return graph;
    }
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.removeAll(gone);
    nodes.addAll(made);
    GraphParts parts = graph.parts();
    return Graph.of(parts.withNodes(nodes).withInitializers(initializers));
  }

  private void join(Node convolution) {
    Tensor weights = graph.constant(convolution.input(1));
    Node cast = onlyReader(convolution, CAST);
    Node scaling = cast == null ? null : onlyReader(cast, MUL);
    if (weights == null
        || cast == null
        || scaling == null
        || !Long.valueOf(ElementType.FLOAT.code()).equals(cast.attributes().find(TO))) {
      return;
    }
    Value step = other(scaling, cast.output());
    Node steps = graph.producer(step);
    if (steps == null || !steps.opId().equals(MUL)) {
      return;
    }
    Value scales = graph.constant(steps.input(0)) != null ? steps.input(0) : steps.input(1);
    Value scale = other(steps, scales);
    Tensor row = channels(scales, weights.shape());
    if (row == null || !isScalar(scale)) {
      return;
    }
    gone.addAll(List.of(convolution, cast, scaling));
    if (graph.uses(step).size() == 1 && !isSeen(step)) {
      gone.add(steps);
    }
    Value kept = new Value(scaling.output().name() + "/weight_scales");
    initializers.put(kept, row);
    made.add(node(convolution, scale, kept, scaling));
  }

  private static Node node(Node convolution, Value scale, Value scales, Node last) {
    List<@Nullable Value> inputs =
        Arrays.asList(
            convolution.input(0),
            scale,
            optional(convolution, X_ZERO),
            convolution.input(1),
            scales,
            optional(convolution, W_ZERO));
    return new Node(
        convolution.name(),
        QuantOps.Q_CONV,
        convolution.attributes(),
        inputs,
        last.outputs(),
        Provenance.source(convolution.name()),
        "");
  }

  /**
   * A constant as one number, or one for each output channel; null where it broadcasts otherwise.
   */
  private @Nullable Tensor channels(Value scales, Shape weights) {
    Tensor tensor = graph.constant(scales);
    if (tensor == null || tensor.elementType() != ElementType.FLOAT) {
      return null;
    }
    long columns = weights.size(0);
    Shape shape = tensor.shape();
    boolean one = tensor.elementCount() == 1 && shape.rank() <= weights.rank();
    int axis = shape.rank() - weights.rank() + 1;
    boolean each =
        tensor.elementCount() == columns && axis >= 0 && axis <= 1 && shape.size(axis) == columns;
    return one || each ? Tensor.ofFloats(Shape.of(tensor.elementCount()), tensor.toFloats()) : null;
  }

  private static @Nullable Value optional(Node node, int input) {
    return input < node.inputs().size() ? node.inputs().get(input) : null;
  }

  /** The node of an operator that alone reads the output of another; null if there is none. */
  private @Nullable Node onlyReader(Node node, OpId op) {
    List<Use> uses = graph.uses(node.output());
    boolean alone = uses.size() == 1 && !isSeen(node.output());
    return alone && uses.getFirst().node().opId().equals(op) ? uses.getFirst().node() : null;
  }

  private boolean isSeen(Value value) {
    return taps.contains(value) || graph.outputs().contains(value);
  }

  private static Value other(Node node, Value one) {
    return node.input(0).equals(one) ? node.input(1) : node.input(0);
  }

  private boolean isScalar(Value value) {
    Shape shape = graph.type(value).shape();
    return shape.isRanked() && shape.isStatic() && shape.rank() <= 1 && shape.elementCount() == 1;
  }
}
