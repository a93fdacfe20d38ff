package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A weighted operator as a product whose rows are quantized one by one.
 *
 * @param node the operator
 * @param weights its quantized weights
 */
record DynamicRowForm(Node node, DynamicWeights weights) {

  /** Whether an operator with constant weights has this form. */
  static boolean fits(GraphView graph, Node node) {
    if (WeightedOperator.isConvolution(node)) {
      return Patches.of(graph, node) != null;
    }
    return graph.type(node.input(WeightedOperator.WEIGHTS)).shape().rank() == 2
        && graph.type(node.input(0)).shape().isRanked()
        && graph.type(node.input(0)).shape().rank() >= 2;
  }

  /** Adds the form to a replacement; it makes the node's output. */
  void build(ReplacementBuilder build, GraphView graph) {
    if (!WeightedOperator.isConvolution(node)) {
      boolean transposed =
          WeightedOperator.isGemm(node) && node.attributes().isSet(WeightedOperator.TRANS_B);
      Tensor matrix = transposed ? weights.transposed() : weights.integers();
      build.node(
          QuantOps.DYNAMIC_Q_MAT_MUL,
          activation(),
          operands(build, node.input(0), matrix),
          List.of(node.output()));
      return;
    }
    Patches patches = Patches.of(graph, node);
    if (patches == null) {
      throw build.refuse("its windows overlap");
    }
    Value rows = patches.rows(build, node.input(0));
    Value product = build.value(node.output().name() + "_rows");
    build.node(
        QuantOps.DYNAMIC_Q_MAT_MUL,
        activation(),
        operands(build, rows, weights.transposed()),
        List.of(product));
    patches.image(build, product, node.output());
  }

  private Attributes activation() {
    return Activation.of(node.attributes()).addTo(Attributes.NONE);
  }

  private List<@Nullable Value> operands(ReplacementBuilder build, Value rows, Tensor matrix) {
    String name = node.output().name();
    Tensor zeroPoints = weights.zeroPoints();
    float @Nullable [] bias = weights.bias();
    List<@Nullable Value> operands = new ArrayList<>();
    operands.add(rows);
    operands.add(build.constant(name + "_weights", matrix));
    operands.add(build.constant(name + "_weights_scale", weights.scales()));
    operands.add(zeroPoints == null ? null : build.constant(name + "_weights_zero", zeroPoints));
    operands.add(
        bias == null
            ? null
            : build.constant(name + "_bias", Tensor.ofFloats(Shape.of(bias.length), bias)));
    return operands;
  }
}
