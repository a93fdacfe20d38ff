package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import dev.fixpoint.transform.quantize.WeightedOperator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much noise each quantized layer makes by itself: {@code Σ (y - y')² / Σ y²} of its output,
 * where y' is the quantized layer's output for the inputs that it has in float. All layers are
 * measured in one pass over the data, on a graph that has each quantized layer beside the float
 * one.
 *
 * @param noise relative noise by the value that the layer makes
 */
record Sensitivities(Map<Value, Double> noise) {

  /** The sensitivities of a fake-quantized graph. */
  static Sensitivities of(Reference reference, Graph quantized, Evaluator evaluator) {
    SideBySide both = SideBySide.of(reference.graph(), quantized);
    Map<Value, double[]> sums = new HashMap<>();
    Set<Value> taps = new HashSet<>(both.twins().keySet());
    taps.addAll(both.twins().values());
    Evaluator.Evaluation evaluation = evaluator.prepare(both.graph(), taps);
    for (Map<String, Tensor> batch : reference.batches()) {
      Map<Value, Tensor> seen = new HashMap<>();
      evaluation.evaluate(batch, seen::put);
      both.twins()
          .forEach(
              (real, twin) ->
                  add(
                      sums.computeIfAbsent(real, _ -> new double[2]),
                      seen.get(real),
                      seen.get(twin)));
    }
    Map<Value, Double> noise = new LinkedHashMap<>();
    sums.forEach((value, sum) -> noise.put(value, sum[0] == 0 ? 0 : sum[1] / sum[0]));
    return new Sensitivities(noise);
  }

  private static void add(double[] sums, @Nullable Tensor real, @Nullable Tensor twin) {
    if (real == null || twin == null) {
      return;
    }
    double[] a = real.toDoubles();
    double[] b = twin.toDoubles();
    for (int i = 0; i < a.length; i++) {
      sums[0] += a[i] * a[i];
      sums[1] += (a[i] - b[i]) * (a[i] - b[i]);
    }
  }

  /** What the layers make, the noisiest first. */
  List<Value> worstFirst() {
    return noise.entrySet().stream()
        .sorted(
            Map.Entry.<Value, Double>comparingByValue(Comparator.reverseOrder())
                .thenComparing(entry -> entry.getKey().name()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * The float graph with a quantized twin beside each layer, which reads the same values.
   *
   * @param graph the graph with the twins
   * @param twins what the twin makes by what the layer makes
   */
  private record SideBySide(Graph graph, Map<Value, Value> twins) {
    static SideBySide of(Graph real, Graph quantized) {
      GraphParts parts = real.parts();
      List<Node> nodes = new ArrayList<>(parts.nodes());
      Map<Value, Tensor> constants = new LinkedHashMap<>(parts.initializers());
      Map<Value, TensorType> types = new LinkedHashMap<>(parts.types());
      Map<Value, Value> twins = new LinkedHashMap<>();
      for (Node layer : quantized.nodes()) {
        Node origin = real.producer(layer.output());
        boolean both =
            WeightedOperator.isWeighted(layer) && origin != null && reads(quantized, real, layer);
        if (both) {
          Value twin = new Value(layer.output().name() + "_twin");
          List<@Nullable Value> inputs = new ArrayList<>();
          for (Value input : layer.inputs()) {
            inputs.add(input == null ? null : copy(quantized, input, real, nodes, constants));
          }
          nodes.add(new Node(twin.name(), layer.op(), layer.attributes(), inputs, List.of(twin)));
          twins.put(layer.output(), twin);
        }
      }
      return new SideBySide(
          Graph.of(parts.withNodes(nodes).withInitializers(constants).withTypes(types)), twins);
    }

    /** Whether a layer reads quantizers, and these what the float graph has, too. */
    private static boolean reads(Graph quantized, Graph real, Node layer) {
      boolean any = false;
      for (Value input : layer.inputs()) {
        Node producer = input == null ? null : quantized.producer(input);
        boolean quantizer = producer != null && producer.calls(QuantOps.FAKE_QUANT);
        Value source = quantizer && producer != null ? producer.input(0) : input;
        boolean constant =
            source == null
                || quantized.constant(source) != null
                || producer != null && producer.calls(QuantOps.DEQUANTIZE_LINEAR);
        if (!constant && !real.types().containsKey(source)) {
          return false;
        }
        any |= quantizer;
      }
      return any;
    }

    /** A value of the quantized graph made of values of the float one. */
    private static Value copy(
        Graph quantized, Value value, Graph real, List<Node> nodes, Map<Value, Tensor> constants) {
      Tensor constant = quantized.constant(value);
      if (constant != null) {
        constants.put(value, constant);
        return value;
      }
      Node producer = quantized.producer(value);
      boolean quantizer =
          producer != null
              && (producer.calls(QuantOps.FAKE_QUANT)
                  || producer.calls(QuantOps.DEQUANTIZE_LINEAR));
      if (!quantizer || producer == null) {
        return value;
      }
      Value twin = new Value(value.name() + "_of_twin_" + nodes.size());
      List<@Nullable Value> inputs = new ArrayList<>();
      for (Value input : producer.inputs()) {
        inputs.add(input == null ? null : copy(quantized, input, real, nodes, constants));
      }
      nodes.add(new Node(twin.name(), producer.op(), producer.attributes(), inputs, List.of(twin)));
      return twin;
    }
  }
}
