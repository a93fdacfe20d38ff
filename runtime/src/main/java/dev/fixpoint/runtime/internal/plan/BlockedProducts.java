package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Provenance;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.MatMulNBits;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
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
 * Finds float products whose weights are integers of at most 8 bits behind a DequantizeLinear, and
 * makes them MatMulNBits, whose kernel keeps the weights as small as they are: {@code MatMul(x,
 * DequantizeLinear(q, s, z))} is {@code MatMulNBits(x, q, s, z)}.
 */
public final class BlockedProducts {
  private static final Set<OpId> PRODUCTS =
      Set.of(
          OpId.of("MatMul"),
          OpId.of("Gemm"),
          OpId.fixpoint("FusedMatMul"),
          OpId.fixpoint("FusedGemm"));
  private static final OpId DEQUANTIZE = OpId.of("DequantizeLinear");
  private static final Attribute<Long> TRANS_A = Attribute.ofInt("transA", 0);
  private static final Attribute<Long> TRANS_B = Attribute.ofInt("transB", 0);
  private static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1);
  private static final Attribute<Float> BETA = Attribute.ofFloat("beta", 1);
  private static final int BIAS = 2;

  private final Graph graph;
  private final Readers readers;
  private final Set<Node> gone = new HashSet<>();
  private final List<Node> made = new ArrayList<>();
  private final Map<Value, Tensor> initializers;

  private BlockedProducts(Graph graph, Set<Value> taps) {
    this.graph = graph;
    this.readers = new Readers(graph, taps);
    this.initializers = new HashMap<>(graph.initializers());
  }

  /** The graph with such products; tapped values stay computed. */
  public static Graph joined(Graph graph, Set<Value> taps) {
    return new BlockedProducts(graph, taps).joined();
  }

  private Graph joined() {
    for (Node node : graph.nodes()) {
      if (PRODUCTS.contains(node.opId())) {
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

  private void join(Node product) {
    Node dequantizer = graph.producer(product.input(1));
    boolean alone =
        dequantizer != null
            && dequantizer.opId().equals(DEQUANTIZE)
            && readers.only(dequantizer, product.opId()) != null
            && !product.input(0).equals(product.input(1));
    if (!alone || dequantizer == null || !isPlain(product)) {
      return;
    }
    boolean transposed = product.get(TRANS_B) != 0;
    CodedMatrix matrix = CodedMatrix.of(graph, dequantizer, transposed);
    Value given = Readers.optional(product, BIAS);
    Tensor bias = given == null || matrix == null ? null : bias(product, given, matrix.columns());
    if (matrix == null || (given != null && bias == null)) {
      return;
    }
    gone.addAll(List.of(product, dequantizer));
    add(product, matrix, bias);
  }

  /** Whether a product has no factors, float32 rows, and an activation that can stand alone. */
  private boolean isPlain(Node product) {
    Shape left = graph.type(product.input(0)).shape();
    Activation activation = Activation.of(product.attributes());
    return graph.type(product.input(0)).elementType() == ElementType.FLOAT
        && left.isRanked()
        && left.rank() >= 2
        && product.get(TRANS_A) == 0
        && product.get(ALPHA) == 1
        && product.get(BETA) == 1
        && (activation instanceof Activation.None || activation instanceof Activation.Relu);
  }

  /** The addend as a vector, if it has one entry for each column; null if not. */
  private @Nullable Tensor bias(Node product, Value value, int columns) {
    Tensor tensor = graph.constant(value);
    boolean row =
        tensor != null
            && tensor.elementCount() == columns
            && tensor.shape().rank() >= 1
            && tensor.shape().rank() <= graph.type(product.output()).shape().rank()
            && tensor.shape().size(-1) == columns;
    return row && tensor != null ? tensor.reshaped(Shape.of(columns)) : null;
  }

  private void add(Node product, CodedMatrix matrix, @Nullable Tensor bias) {
    String name = product.output().name();
    Tensor zeros = matrix.zeros();
    List<@Nullable Value> inputs =
        Arrays.asList(
            product.input(0),
            constant(name + "/codes", matrix.packed()),
            constant(name + "/scales", matrix.scales()),
            zeros == null ? null : constant(name + "/zeros", zeros),
            null,
            bias == null ? null : constant(name + "/bias", bias));
    Attributes attributes =
        Attributes.NONE
            .with(MatMulNBits.K, (long) matrix.depth())
            .with(MatMulNBits.N, (long) matrix.columns())
            .with(MatMulNBits.BITS, (long) matrix.bits())
            .with(MatMulNBits.BLOCK_SIZE, (long) matrix.blockSize());
    if (Activation.of(product.attributes()) instanceof Activation.Relu) {
      Value sums = new Value(name + "/sums");
      made.add(node(product, QuantOps.MAT_MUL_N_BITS, attributes, inputs, sums));
      made.add(node(product, StandardOps.RELU, Attributes.NONE, List.of(sums), product.output()));
    } else {
      made.add(node(product, QuantOps.MAT_MUL_N_BITS, attributes, inputs, product.output()));
    }
  }

  private static Node node(
      Node product,
      OpDefinition op,
      Attributes attributes,
      List<? extends @Nullable Value> inputs,
      Value output) {
    return new Node(
        product.name(),
        op,
        attributes,
        new ArrayList<@Nullable Value>(inputs),
        List.of(output),
        Provenance.source(product.name()),
        "");
  }

  private Value constant(String name, Tensor tensor) {
    Value value = new Value(name);
    initializers.put(value, tensor);
    return value;
  }
}
