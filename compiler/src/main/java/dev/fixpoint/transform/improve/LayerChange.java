package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.improve.QuantizedLayer.IntegerBias;
import dev.fixpoint.transform.quantize.WeightedOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Other constants for a quantized layer: weights, their scales, the bias. The change is refused
 * where an accumulator might no longer fit 32 bits.
 *
 * @param layer the layer as it is
 * @param weights float weights before the quantizer
 * @param scales scales of the weights
 * @param biases bias of each output channel in real units; null where there is none
 */
record LayerChange(
    QuantizedLayer layer, Tensor weights, Tensor scales, double @Nullable [] biases) {

  /** The change of nothing. */
  static LayerChange of(QuantizedLayer layer) {
    return new LayerChange(layer, layer.weights(), layer.scales(), layer.biases());
  }

  /** With other float weights. */
  LayerChange withWeights(Tensor newWeights) {
    return new LayerChange(layer, newWeights, scales, biases);
  }

  /** With other scales of the weights, and so of the integer bias. */
  LayerChange withScales(Tensor newScales) {
    return new LayerChange(layer, weights, newScales, biases);
  }

  /** With another bias. */
  LayerChange withBiases(double[] newBiases) {
    return new LayerChange(layer, weights, scales, newBiases);
  }

  /** The graph with the change, or the graph as it is where the change is refused. */
  Graph apply(String pass, Graph graph, PassContext context) {
    LayerConstants after = LayerConstants.of(graph, this);
    Optional<String> refusal = after.refusal();
    if (refusal.isPresent()) {
      context.refuse(pass, layer.node(), refusal.get());
      return graph;
    }
    List<Node> nodes = new ArrayList<>(List.of(layer.node(), layer.fakeQuant()));
    IntegerBias bias = layer.bias();
    if (bias != null) {
      nodes.add(bias.dequantizer());
    }
    return context.rewrite(
        graph,
        rewriter ->
            rewriter.replace(
                pass, nodes, build -> replace(build, after), after.contract(graph, layer)));
  }

  private void replace(ReplacementBuilder build, LayerConstants after) {
    Node fake = layer.fakeQuant();
    List<@Nullable Value> inputs = new ArrayList<>(layer.node().inputs());
    Value scale =
        scales == layer.scales()
            ? fake.input(1)
            : build.constant(fake.input(1).name(), after.scales());
    Value float32 =
        weights == layer.weights()
            ? fake.input(0)
            : build.constant(fake.input(0).name(), after.weights());
    inputs.set(
        WeightedOperator.WEIGHTS,
        build.call(
            fake.output().name(),
            QuantOps.FAKE_QUANT,
            fake.attributes(),
            float32,
            scale,
            fake.inputOrNull(2)));
    IntegerBias bias = layer.bias();
    Tensor integers = after.integerBias();
    Tensor biasScales = after.biasScales();
    if (bias != null && integers != null && biasScales != null) {
      Node old = bias.dequantizer();
      inputs.set(
          WeightedOperator.BIAS,
          dequantized(
              build,
              old,
              build.constant(old.input(0).name(), integers),
              build.constant(old.input(1).name(), biasScales)));
    }
    build.node(layer.node().op(), layer.node().attributes(), inputs, layer.node().outputs());
  }

  private static Value dequantized(
      ReplacementBuilder build, Node old, Value integers, Value scales) {
    Attributes attributes = old.attributes();
    return build.call(
        old.output().name(), QuantOps.DEQUANTIZE_LINEAR, attributes, integers, scales);
  }

  /** The float32 tensor of some weights in the form of the layer's. */
  static Tensor tensor(QuantizedLayer layer, double[] values) {
    return Tensor.ofDoubles(ElementType.FLOAT, layer.weights().shape(), values);
  }
}
