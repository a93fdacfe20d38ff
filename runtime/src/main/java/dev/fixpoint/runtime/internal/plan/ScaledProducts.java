package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Provenance;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds integer products that come to float in several steps and makes them one step each, with the
 * same sequence of float32 operations: {@code Add(Mul(Cast(MatMulInteger(a, B)), Mul(s, S)), bias)}
 * and {@code Add(QMatMul(a, s, B, S), bias)} are {@code MatMulIntegerToFloat(a, B, s, S, bias)}.
 */
public final class ScaledProducts {
  private static final OpId PRODUCT = OpId.of("MatMulInteger");
  private static final OpId QUANTIZED = OpId.fixpoint("QMatMul");
  private static final OpId SCALED = OpId.microsoft("MatMulIntegerToFloat");
  private static final OpId CAST = OpId.of("Cast");
  private static final OpId MUL = OpId.of("Mul");
  private static final OpId ADD = OpId.of("Add");
  private static final Attribute<Long> TO = Attribute.ofInt("to");
  private static final int A_ZERO = 2;
  private static final int B_ZERO = 3;
  private static final int RIGHT = 3;
  private static final int INTEGER_BIAS = 6;
  private static final int Y_SCALE = 7;

  private final Graph graph;
  private final Set<Value> taps;
  private final Set<Node> gone = new HashSet<>();
  private final List<Node> made = new ArrayList<>();

  private ScaledProducts(Graph graph, Set<Value> taps) {
    this.graph = graph;
    this.taps = taps;
  }

  /** The graph with such products as one node each; tapped values stay computed. */
  public static Graph joined(Graph graph, Set<Value> taps) {
    return new ScaledProducts(graph, taps).joined();
  }

  private Graph joined() {
    for (Node node : graph.nodes()) {
      if (node.opId().equals(PRODUCT)) {
        join(node);
      } else if (node.opId().equals(QUANTIZED)) {
        joinBias(node);
      }
    }
    if (made.isEmpty()) {
      return graph;
    }
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.removeAll(gone);
    nodes.addAll(made);
    GraphParts parts = graph.parts();
    return Graph.of(parts.withNodes(nodes));
  }

  private void join(Node product) {
    Tensor right = graph.constant(product.input(1));
    Node cast = onlyReader(product, CAST);
    Node scaling = cast == null ? null : onlyReader(cast, MUL);
    if (right == null || cast == null || scaling == null) {
      return;
    }
    Long to = cast.attributes().find(TO);
    Value step = other(scaling, cast.output());
    Node steps = graph.producer(step);
    if (right.shape().rank() != 2
        || to == null
        || to != ElementType.FLOAT.code()
        || steps == null
        || !steps.opId().equals(MUL)) {
      return;
    }
    long columns = right.shape().size(1);
    Value scales = graph.constant(steps.input(0)) != null ? steps.input(0) : steps.input(1);
    Value scale = other(steps, scales);
    if (!isRow(scales, columns) || !isScalar(scale)) {
      return;
    }
    Node adding = onlyReader(scaling, ADD);
    Value bias = adding == null ? null : other(adding, scaling.output());
    boolean biased = bias != null && isRow(bias, columns) && count(bias) == columns;
    Node last = biased && adding != null ? adding : scaling;
    if (!graph.type(last.output()).shape().equals(graph.type(product.output()).shape())) {
      return;
    }
    gone.addAll(List.of(product, cast, scaling, last));
    if (graph.uses(step).size() == 1 && !isSeen(step)) {
      gone.add(steps);
    }
    made.add(node(product, scale, scales, biased ? bias : null, last));
  }

  /** A product with a float result of its own needs nothing but its bias. */
  private void joinBias(Node product) {
    Tensor right = graph.constant(product.input(RIGHT));
    Node adding = onlyReader(product, ADD);
    boolean plain =
        optional(product, INTEGER_BIAS) == null
            && optional(product, Y_SCALE) == null
            && Activation.of(product.attributes()).equals(Activation.NONE);
    if (right == null || adding == null || !plain || right.shape().rank() != 2) {
      return;
    }
    long columns = right.shape().size(1);
    Value bias = other(adding, product.output());
    Value scales = product.input(RIGHT + 1);
    boolean same = graph.type(adding.output()).shape().equals(graph.type(product.output()).shape());
    if (!same
        || !isRow(bias, columns)
        || count(bias) != columns
        || !isRow(scales, columns)
        || !isScalar(product.input(1))) {
      return;
    }
    gone.addAll(List.of(product, adding));
    List<@Nullable Value> inputs =
        Arrays.asList(
            product.input(0),
            product.input(RIGHT),
            product.input(1),
            scales,
            optional(product, 2),
            optional(product, RIGHT + 2),
            bias);
    made.add(node(product, inputs, adding));
  }

  private static Node node(
      Node product, Value scale, Value scales, @Nullable Value bias, Node last) {
    List<@Nullable Value> inputs =
        Arrays.asList(
            product.input(0),
            product.input(1),
            scale,
            scales,
            optional(product, A_ZERO),
            optional(product, B_ZERO),
            bias);
    return node(product, inputs, last);
  }

  private static Node node(Node product, List<@Nullable Value> inputs, Node last) {
    return new Node(
        product.name(),
        QuantOps.REGISTRY.get(SCALED),
        Attributes.NONE,
        inputs,
        last.outputs(),
        Provenance.source(product.name()),
        "");
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

  private long count(Value value) {
    return graph.type(value).shape().elementCount();
  }

  /** Whether a value is a constant with one element, or one for each column. */
  private boolean isRow(Value value, long columns) {
    Tensor tensor = graph.constant(value);
    return tensor != null
        && tensor.shape().rank() <= 1
        && (tensor.elementCount() == 1 || tensor.elementCount() == columns);
  }
}
