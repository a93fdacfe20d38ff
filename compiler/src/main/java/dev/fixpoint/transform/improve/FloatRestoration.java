package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A quantized layer as it was in float: without the quantizers before it, with its own constants.
 *
 * @param origin the float graph
 * @param layer the layer there
 */
record FloatRestoration(Graph origin, Node layer) {

  /** The restoration of the layer that makes a value. */
  static FloatRestoration of(Graph origin, Value output) {
    Node layer = origin.producer(output);
    if (layer == null) {
      throw new IllegalArgumentException("nothing makes '" + output.name() + "' in float");
    }
    return new FloatRestoration(origin, layer);
  }

  /** The graph with the layer in float. */
  Graph apply(String pass, Graph graph, PassContext context) {
    Node quantized = graph.producer(layer.output());
    if (quantized == null) {
      throw new IllegalArgumentException("nothing makes '" + layer.output().name() + "'");
    }
    List<Node> nodes = new ArrayList<>(List.of(quantized));
    for (Value input : quantized.inputs()) {
      Node producer = input == null ? null : graph.producer(input);
      if (producer != null && isQuantizer(producer)) {
        nodes.add(producer);
      }
    }
    return context.rewrite(
        graph,
        rewriter ->
            rewriter.replace(
                pass,
                nodes,
                build -> replace(rewriter.graph(), build, quantized),
                ErrorContract.quantization()));
  }

  private static boolean isQuantizer(Node node) {
    return node.calls(QuantOps.FAKE_QUANT) || node.calls(QuantOps.DEQUANTIZE_LINEAR);
  }

  private void replace(GraphView graph, ReplacementBuilder build, Node quantized) {
    List<@Nullable Value> inputs = new ArrayList<>();
    for (int i = 0; i < layer.inputs().size(); i++) {
      Value real = layer.inputOrNull(i);
      Tensor constant = real == null ? null : origin.constant(real);
      if (real != null && constant != null) {
        inputs.add(
            graph.constant(real) == null ? build.constant(real.name() + "_float", constant) : real);
      } else {
        inputs.add(real == null ? null : source(graph, quantized.input(i)));
      }
    }
    build.node(layer.op(), layer.attributes(), inputs, layer.outputs());
  }

  /** What a quantizer reads, or the value itself. */
  private static Value source(GraphView graph, Value value) {
    Node producer = graph.producer(value);
    return producer != null && producer.calls(QuantOps.FAKE_QUANT) ? producer.input(0) : value;
  }
}
