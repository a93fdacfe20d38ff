package dev.fixpoint.transform.weights;

import dev.fixpoint.calibration.CalibrationException;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The moments of layers over calibration data, in as few passes over the data as memory allows.
 *
 * @param graph the graph in float
 * @param evaluator runs it
 * @param batches tensor by input name, for each batch
 */
public record CalibratedLayers(
    Graph graph, Evaluator evaluator, Iterable<? extends Map<String, Tensor>> batches) {
  /** Doubles that the moments of one pass may take: half a gigabyte. */
  private static final long MOST_DOUBLES = 1L << 26;

  /**
   * Hands over the moments of each layer.
   *
   * @throws CalibrationException if there is no data
   */
  public void forEach(Map<Node, WeightMatrix> layers, BiConsumer<Node, LayerMoments> use) {
    List<Node> waiting = new ArrayList<>(layers.keySet());
    while (!waiting.isEmpty()) {
      Map<Node, LayerMoments> together = new LinkedHashMap<>();
      long size = 0;
      while (!waiting.isEmpty()) {
        WeightMatrix matrix = matrix(layers, waiting.getFirst());
        size += (long) matrix.columns() * matrix.columns() * matrix.groups();
        if (!together.isEmpty() && size > MOST_DOUBLES) {
          break;
        }
        Node next = waiting.removeFirst();
        together.put(next, new LayerMoments(next, matrix));
      }
      observe(together);
      together.forEach(use);
    }
  }

  private static WeightMatrix matrix(Map<Node, WeightMatrix> layers, Node node) {
    WeightMatrix matrix = layers.get(node);
    if (matrix == null) {
      throw new IllegalArgumentException(node.describe() + " is not among the layers");
    }
    return matrix;
  }

  private void observe(Map<Node, LayerMoments> layers) {
    Map<Value, List<LayerMoments>> readers = new LinkedHashMap<>();
    layers.forEach(
        (node, moments) ->
            readers.computeIfAbsent(node.input(0), _ -> new ArrayList<>()).add(moments));
    Set<Value> taps = new HashSet<>(readers.keySet());
    Evaluator.Evaluation evaluation = evaluator.prepare(graph, taps);
    boolean any = false;
    for (Map<String, Tensor> batch : batches) {
      any = true;
      evaluation.evaluate(
          batch,
          (value, tensor) ->
              readers.getOrDefault(value, List.of()).forEach(each -> each.observe(tensor)));
    }
    if (!any) {
      throw new CalibrationException(
          "there is no calibration data; give at least one sample for '" + graph.name() + "'");
    }
  }
}
