package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Provenance;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpDefinition;
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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds integer products and convolutions whose sums are scaled by constants in several steps, and
 * makes them one step each, with the same float32 operations: {@code Mul(Cast(Add(MatMulInteger(a,
 * B), bias)), S)} is {@code QMatMul(a, 1, B, S, bias)} with a float result, and ConvInteger
 * likewise QConv; a QuantizeLinear behind it whose scale is 1 makes the result integers.
 */
public final class StepwiseSums {
  private static final OpId PRODUCT = OpId.of("MatMulInteger");
  private static final OpId CONVOLUTION = OpId.of("ConvInteger");
  private static final OpId ADD = OpId.of("Add");
  private static final OpId CAST = OpId.of("Cast");
  private static final OpId MUL = OpId.of("Mul");
  private static final OpId QUANTIZE = OpId.of("QuantizeLinear");
  private static final Attribute<Long> TO = Attribute.ofInt("to");
  private static final long LARGEST_PRODUCT = 255 * 255;
  private static final int LEFT_ZERO = 2;
  private static final int RIGHT_ZERO = 3;

  private final Graph graph;
  private final Readers readers;
  private final Set<Node> gone = new HashSet<>();
  private final List<Node> made = new ArrayList<>();
  private final Map<Value, Tensor> initializers;

  private StepwiseSums(Graph graph, Set<Value> taps) {
    this.graph = graph;
    this.readers = new Readers(graph, taps);
    this.initializers = new HashMap<>(graph.initializers());
  }

  /** The graph with such sums as one node each; tapped values stay computed. */
  public static Graph joined(Graph graph, Set<Value> taps) {
    return new StepwiseSums(graph, taps).joined();
  }

  private Graph joined() {
    for (Node node : graph.nodes()) {
      Sums sums = sums(node);
      if (sums != null) {
        join(node, sums);
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

  /**
   * What is known of a node that sums products of integers.
   *
   * @param columns number of output channels
   * @param depth products of a sum
   * @param spatial axes of the output behind its channels
   */
  private record Sums(OpDefinition joined, long columns, long depth, int spatial) {
    /** Whether no sum can leave 32 bits, whatever its operands and zero points are. */
    boolean fit(long largestBias) {
      return depth <= Integer.MAX_VALUE / LARGEST_PRODUCT
          && depth * LARGEST_PRODUCT + largestBias <= Integer.MAX_VALUE;
    }
  }

  private @Nullable Sums sums(Node node) {
    boolean product = node.opId().equals(PRODUCT);
    if (!product && !node.opId().equals(CONVOLUTION)) {
      return null;
    }
    Shape left = graph.type(node.input(0)).shape();
    Shape right = graph.type(node.input(1)).shape();
    if (!left.isRanked()
        || left.rank() < 2
        || !right.isRanked()
        || right.rank() < 2
        || !(right.dimension(-1).isFixed() && right.dimension(-2).isFixed())
        || (!product && !right.isStatic())) {
      return null;
    }
    Sums sums =
        product
            ? new Sums(QuantOps.Q_MAT_MUL, right.size(-1), right.size(-2), 0)
            : new Sums(
                QuantOps.Q_CONV,
                right.size(0),
                right.elementCount() / Math.max(1, right.size(0)),
                right.rank() - 2);
    Value zeros = Readers.optional(node, RIGHT_ZERO);
    boolean known =
        (product || graph.constant(node.input(1)) != null)
            && readers.isSingle(Readers.optional(node, LEFT_ZERO))
            && (zeros == null || readers.isVector(zeros, sums.columns()));
    return known ? sums : null;
  }

  private void join(Node node, Sums sums) {
    boolean weighted = graph.constant(node.input(1)) != null;
    Node adding = weighted ? readers.only(node, ADD) : null;
    Tensor bias = adding == null ? null : vector(adding, node, sums);
    if (adding != null && bias == null) {
      return;
    }
    Node last = adding == null ? node : adding;
    Node cast = readers.only(last, CAST);
    Node scaling = cast == null ? null : readers.only(cast, MUL);
    Tensor scales = scaling == null || cast == null ? null : vector(scaling, cast, sums);
    if (cast == null
        || scaling == null
        || scales == null
        || !Long.valueOf(ElementType.FLOAT.code()).equals(cast.attributes().find(TO))
        || !arePositive(scales)
        || !sums.fit(bias == null ? 0 : largest(bias))
        || !graph.type(scaling.output()).shape().equals(graph.type(node.output()).shape())) {
      return;
    }
    gone.addAll(List.of(node, last, cast, scaling));
    Node quantizer = quantizer(scaling);
    if (quantizer != null) {
      gone.add(quantizer);
    }
    made.add(node(node, sums, bias, scales, quantizer == null ? scaling : quantizer, quantizer));
  }

  private Node node(
      Node node,
      Sums sums,
      @Nullable Tensor bias,
      Tensor scales,
      Node last,
      @Nullable Node quantizer) {
    String name = last.output().name();
    Value one = constant(name + "/one", Tensor.scalar(ElementType.FLOAT, 1));
    List<@Nullable Value> inputs =
        Arrays.asList(
            node.input(0),
            one,
            Readers.optional(node, LEFT_ZERO),
            node.input(1),
            constant(name + "/scales", scales),
            Readers.optional(node, RIGHT_ZERO),
            bias == null ? null : constant(name + "/bias", bias),
            quantizer == null ? null : one,
            quantizer == null ? null : quantizer.input(2));
    return new Node(
        node.name(),
        sums.joined(),
        node.attributes(),
        inputs,
        last.outputs(),
        Provenance.source(node.name()),
        "");
  }

  private Value constant(String name, Tensor tensor) {
    Value value = new Value(name);
    initializers.put(value, tensor);
    return value;
  }

  /** The only reader of real sums if it rounds them to bytes as they are. */
  private @Nullable Node quantizer(Node scaling) {
    Node quantizer = readers.only(scaling, QUANTIZE);
    if (quantizer == null || !quantizer.input(0).equals(scaling.output())) {
      return null;
    }
    Tensor scale = graph.constant(quantizer.input(1));
    Value zero = Readers.optional(quantizer, 2);
    boolean plain =
        scale != null
            && scale.elementType() == ElementType.FLOAT
            && readers.isSingle(quantizer.input(1))
            && scale.doubleAt(0) == 1
            && zero != null
            && readers.isSingle(zero)
            && graph.type(zero).elementType().bits() == Byte.SIZE
            && graph.type(zero).elementType().isInteger();
    return plain ? quantizer : null;
  }

  /** The constant of a node with one element or one for each channel, as a vector; or null. */
  private @Nullable Tensor vector(Node node, Node before, Sums sums) {
    Tensor tensor = graph.constant(Readers.other(node, before.output()));
    if (tensor == null || tensor.elementCount() == 0) {
      return null;
    }
    Shape shape = tensor.shape();
    long count = tensor.elementCount();
    int axis = shape.rank() - 1 - sums.spatial();
    boolean each = count == sums.columns() && axis >= 0 && axis <= 1 && shape.size(axis) == count;
    boolean one = count == 1 && shape.rank() <= sums.spatial() + 2;
    if (each) {
      return tensor.reshaped(Shape.of(count));
    }
    return one ? spread(tensor, sums) : null;
  }

  private static Tensor spread(Tensor tensor, Sums sums) {
    double[] all = new double[Math.toIntExact(sums.columns())];
    Arrays.fill(all, tensor.doubleAt(0));
    return Tensor.ofDoubles(tensor.elementType(), Shape.of(sums.columns()), all);
  }

  private static boolean arePositive(Tensor scales) {
    float[] all = scales.toFloats();
    return IntStream.range(0, all.length).allMatch(i -> all[i] > 0 && Float.isFinite(all[i]));
  }

  private static long largest(Tensor bias) {
    return Arrays.stream(bias.toLongs()).map(Math::abs).max().orElse(0);
  }
}
