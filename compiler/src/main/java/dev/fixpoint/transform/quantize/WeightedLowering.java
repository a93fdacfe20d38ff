package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions, Gemms and matrix products on integers. Where one quantizer is the only reader of
 * the result, it becomes part of the operator; else the operator gives float values straight from
 * its accumulators.
 */
final class WeightedLowering {
  private WeightedLowering() {}

  static void lower(Rewriter rewriter, Node node) {
    GraphView graph = rewriter.graph();
    QdqView.Source x = QdqView.source(graph, node.input(0));
    LoweredWeights weights = LoweredWeights.of(graph, node);
    if (x == null || weights == null || refusal(graph, node).isPresent()) {
      return;
    }
    QdqView.Target y = QdqView.onlyTarget(graph, node.output());
    replace(rewriter, new Group(node, x, weights, bias(graph, node, x, weights), y));
  }

  /** Why a node cannot run on the integers around it; empty where it can. */
  static Optional<String> refusal(GraphView graph, Node node) {
    Optional<String> operator = WeightedOperator.refusal(graph, node);
    if (operator.isPresent()) {
      return operator;
    }
    QdqView.Source x = QdqView.source(graph, node.input(0));
    if (x == null) {
      return Optional.of("'" + node.input(0).name() + "' is not quantized with one scale");
    }
    LoweredWeights weights = LoweredWeights.of(graph, node);
    if (weights == null) {
      return Optional.of("its weights are not quantized by tensor or by output channel");
    }
    boolean convolution =
        WeightedOperator.isConvolution(node) || WeightedOperator.isTransposedConvolution(node);
    if (convolution && !weights.isConstant(graph)) {
      return Optional.of("its weights are computed");
    }
    LoweredBias bias = bias(graph, node, x, weights);
    if (bias == null && node.hasInput(WeightedOperator.BIAS)) {
      return Optional.of("its bias does not fit 32 bits in steps of the accumulator");
    }
    return weights.accumulatorsFit(graph, node, x.params(), bias == null ? null : bias.integers())
        ? Optional.empty()
        : Optional.of("an accumulator could exceed 32 bits");
  }

  private static @Nullable LoweredBias bias(
      GraphView graph, Node node, QdqView.Source x, LoweredWeights weights) {
    return node.hasInput(WeightedOperator.BIAS)
        ? LoweredBias.of(graph, node, x.params().scale(0), weights, channels(graph, node, weights))
        : null;
  }

  private static int channels(GraphView graph, Node node, LoweredWeights weights) {
    Shape shape = graph.type(weights.integers()).shape();
    return OutputChannels.of(node, shape).count();
  }

  /** An operator with the quantizers around it. */
  private record Group(
      Node node,
      QdqView.Source x,
      LoweredWeights weights,
      @Nullable LoweredBias bias,
      QdqView.@Nullable Target y) {}

  private static void replace(Rewriter rewriter, Group group) {
    GraphView graph = rewriter.graph();
    QdqView.Source residual = residual(graph, group.node);
    List<Node> nodes = new ArrayList<>();
    if (group.y != null) {
      nodes.add(group.y.quantizer());
    }
    nodes.add(group.node);
    nodes.add(group.x.dequantizer());
    nodes.add(group.weights.dequantizer());
    nodes.addAll(LoweredBias.dequantizers(graph, group.node));
    if (residual != null) {
      nodes.add(residual.dequantizer());
    }
    rewriter.replace(
        LowerToQuantized.NAME,
        nodes.stream().distinct().toList(),
        build ->
            build.node(
                operator(group.node),
                attributes(group.node),
                inputs(build, graph, group, residual),
                List.of(group.y == null ? group.node.output() : group.y.integers())),
        contract(group));
  }

  private static QdqView.@Nullable Source residual(GraphView graph, Node node) {
    return node.calls(StandardOps.FUSED_CONV) && node.hasInput(QuantRole.RESIDUAL)
        ? QdqView.source(graph, node.input(QuantRole.RESIDUAL))
        : null;
  }

  private static List<@Nullable Value> inputs(
      ReplacementBuilder build, GraphView graph, Group group, QdqView.@Nullable Source residual) {
    List<@Nullable Value> inputs = new ArrayList<>();
    inputs.add(group.x.integers());
    inputs.add(group.x.scale());
    inputs.add(group.x.zeroPoint());
    inputs.add(group.weights.integers());
    inputs.add(
        group.weights.rescaled()
            ? build.constant(
                group.weights.integers().name() + "_scale", group.weights.scaleTensor())
            : group.weights.dequantizer().input(1));
    inputs.add(weightZero(build, graph, group));
    inputs.add(bias(build, group));
    inputs.add(group.y == null ? null : group.y.scale());
    inputs.add(group.y == null ? null : group.y.zeroPoint());
    if (residual != null) {
      inputs.add(residual.integers());
      inputs.add(residual.scale());
      inputs.add(residual.zeroPoint());
    } else if (group.node.calls(StandardOps.FUSED_CONV)) {
      inputs.add(group.node.inputOrNull(QuantRole.RESIDUAL));
    }
    return inputs;
  }

  /** The zero points of the weights; one for all where the operator takes no others. */
  private static @Nullable Value weightZero(
      ReplacementBuilder build, GraphView graph, Group group) {
    Value zero = group.weights.dequantizer().inputOrNull(2);
    Tensor known = zero == null ? null : graph.constant(zero);
    return zero != null
            && known != null
            && known.elementCount() > 1
            && WeightedOperator.isTransposedConvolution(group.node)
        ? build.constant(zero.name(), Tensor.scalar(known.elementType(), known.longAt(0)))
        : zero;
  }

  private static @Nullable Value bias(ReplacementBuilder build, Group group) {
    if (group.bias == null) {
      return null;
    }
    long[] integers = group.bias.integers();
    Tensor tensor = Tensor.ofLongs(ElementType.INT32, Shape.of(integers.length), integers);
    String name = group.node.output().name() + "_bias";
    return group.bias.distance() == 0
        ? build.constant(name, tensor)
        : build.constant(name, tensor, ErrorBound.perElement(group.bias.distances()));
  }

  private static OpDefinition operator(Node node) {
    if (WeightedOperator.isConvolution(node)) {
      return QuantOps.Q_CONV;
    }
    if (WeightedOperator.isTransposedConvolution(node)) {
      return QuantOps.Q_CONV_TRANSPOSE;
    }
    return WeightedOperator.isGemm(node) ? QuantOps.Q_GEMM : QuantOps.Q_MAT_MUL;
  }

  private static Attributes attributes(Node node) {
    return node.attributes()
        .without(WeightedOperator.ALPHA.name())
        .without(WeightedOperator.BETA.name());
  }

  /**
   * Both sides are the same function of real numbers. A float result differs by roundings; an
   * integer one falls on the other side of a tie at most once, and moves with a requantized bias.
   */
  private static ErrorContract contract(Group group) {
    if (group.y == null) {
      return ErrorContract.realIdentity();
    }
    if (group.bias == null || group.bias.distance() == 0) {
      return ErrorContract.lsb(1);
    }
    double largest = 0;
    for (int c = 0; c < group.bias.integers().length; c++) {
      double multiplier =
          (double) group.x.params().scale(0) * group.weights.scale(c) / group.y.params().scale(0);
      largest = Math.max(largest, group.bias.distances()[c] * multiplier);
    }
    double lipschitz = Activation.of(attributes(group.node)).lipschitz();
    return ErrorContract.lsb((int) Math.min(1 + Math.ceil(largest * lipschitz), 65536));
  }
}
