package dev.fixpoint.transform.weights;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.MatMulNBits;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.WeightedOperator;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes matrix products with blocked weights of 4 or 8 bits as ONNX Runtime's MatMulNBits, which
 * reads the packed weights as they are. Convolutions and products of another form stay and are
 * noted as refusals.
 *
 * <pre>
 *   y = Gemm(x, DequantizeLinear(q, s, z), b)    →    y = MatMulNBits(x, packed, s, z, , b)
 *   y = FusedGemm(…) with Relu                   →    y = Relu(MatMulNBits(…))
 * </pre>
 */
public record PackMatMulNBits() implements Pass {
  private static final String NAME = "pack-mat-mul-n-bits";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    return context.rewrite(
        graph, rewriter -> graph.nodes().forEach(node -> pack(rewriter, context, node)));
  }

  private static void pack(Rewriter rewriter, PassContext context, Node node) {
    GraphView graph = rewriter.graph();
    if (!WeightedOperator.isWeighted(node)) {
      return;
    }
    Node dequantizer = graph.producer(node.input(WeightedOperator.WEIGHTS));
    if (dequantizer == null || !dequantizer.calls(QuantOps.DEQUANTIZE_LINEAR)) {
      return;
    }
    PackedWeights packed = PackedWeights.of(graph, node, dequantizer);
    Optional<String> refusal =
        packed == null
            ? Optional.of("its weights are not a matrix of 4 or 8 bits in blocks of 16, 32, 64 …")
            : refusal(graph, node, packed);
    if (packed == null || refusal.isPresent()) {
      context.refuse(NAME, node, refusal.orElse(""));
      return;
    }
    rewriter.replace(
        NAME,
        List.of(node, dequantizer),
        build -> call(build, node, packed),
        WeightDistance.of(node, packed.reals(), packed.exact()));
  }

  /** Why a product has no such form; empty where it has. */
  private static Optional<String> refusal(GraphView graph, Node node, PackedWeights packed) {
    if (WeightedOperator.isGemm(node)
        && (node.attributes().isSet(WeightedOperator.TRANS_A)
            || node.get(WeightedOperator.ALPHA) != 1
            || node.get(WeightedOperator.BETA) != 1)) {
      return Optional.of("its left side is transposed or it has factors");
    }
    Activation activation = Activation.of(node.attributes());
    if (!(activation instanceof Activation.None) && !(activation instanceof Activation.Relu)) {
      return Optional.of("it ends with " + activation.kind());
    }
    Value bias = node.inputOrNull(WeightedOperator.BIAS);
    Tensor known = bias == null ? null : graph.constant(bias);
    return bias != null && (known == null || known.elementCount() != packed.matrix().rows())
        ? Optional.of("its addend is not a constant with one entry for each column")
        : Optional.empty();
  }

  private static void call(ReplacementBuilder build, Node node, PackedWeights packed) {
    String name = node.input(WeightedOperator.WEIGHTS).name();
    Value bias = node.inputOrNull(WeightedOperator.BIAS);
    Tensor zeros = packed.packedZeros();
    List<@Nullable Value> inputs =
        Arrays.asList(
            node.input(0),
            build.constant(name + "_packed", packed.packedCodes()),
            build.constant(name + "_scales", packed.rowScales()),
            zeros == null ? null : build.constant(name + "_zero_points", zeros),
            null,
            bias == null ? null : build.constant(name + "_bias", packed.bias(bias)));
    Attributes attributes =
        Attributes.NONE
            .with(MatMulNBits.K, (long) packed.matrix().columns())
            .with(MatMulNBits.N, (long) packed.matrix().rows())
            .with(MatMulNBits.BITS, (long) packed.bits())
            .with(MatMulNBits.BLOCK_SIZE, (long) packed.blockSize());
    if (Activation.of(node.attributes()) instanceof Activation.Relu) {
      Value product = build.value(node.output().name() + "_product");
      build.node(QuantOps.MAT_MUL_N_BITS, attributes, inputs, List.of(product));
      build.define(node.output(), StandardOps.RELU, Attributes.NONE, product);
    } else {
      build.node(QuantOps.MAT_MUL_N_BITS, attributes, inputs, node.outputs());
    }
  }
}
