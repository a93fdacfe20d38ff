package dev.fixpoint.calibration;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Runs sample data through a graph and gives what observers saw of some values. One streaming pass:
 * values are handed over when they are computed and may be freed at once, so that memory is one
 * batch and the observers.
 */
public final class Calibrator {
  private final Evaluator evaluator;

  /** A calibrator that evaluates graphs with the given evaluator. */
  public Calibrator(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  /**
   * Observes values over batches.
   *
   * @param observers an observer that has seen nothing for each value
   * @param batches tensor by input name, for each batch
   * @return the observers after all batches
   * @throws CalibrationException if there is no batch, or a value is NaN or infinite
   */
  public Map<Value, Observer> observe(
      Graph graph,
      Map<Value, ? extends Observer> observers,
      Iterable<? extends Map<String, Tensor>> batches) {
    Map<Value, Observer> seen = new LinkedHashMap<>(observers);
    Evaluator.Evaluation evaluation = evaluator.prepare(graph, Set.copyOf(observers.keySet()));
    long[] samples = {0};
    for (Map<String, Tensor> batch : batches) {
      evaluation.evaluate(
          batch,
          (value, tensor) ->
              seen.computeIfPresent(
                  value,
                  (_, observer) -> observer.observe(finite(graph, value, tensor, samples[0]))));
      samples[0] += sampleCount(batch);
    }
    if (samples[0] == 0) {
      throw new CalibrationException(
          "there is no calibration data; give at least one sample for '" + graph.name() + "'");
    }
    return seen;
  }

  private static long sampleCount(Map<String, Tensor> batch) {
    return batch.values().stream()
        .mapToLong(tensor -> tensor.shape().rank() == 0 ? 1 : tensor.shape().size(0))
        .max()
        .orElse(1);
  }

  /** The elements of a tensor; names node and sample where one is not finite. */
  private static double[] finite(Graph graph, Value value, Tensor tensor, long firstSample) {
    double[] elements = tensor.toDoubles();
    for (int i = 0; i < elements.length; i++) {
      if (!Double.isFinite(elements[i])) {
        Node producer = graph.producer(value);
        long perSample =
            tensor.shape().rank() == 0
                ? 1
                : Math.max(1, elements.length / Math.max(1, tensor.shape().size(0)));
        throw new CalibrationException(
            (producer == null ? "input" : producer.describe())
                + ": '"
                + value.name()
                + "' is "
                + elements[i]
                + " for calibration sample "
                + (firstSample + i / perSample)
                + "; remove the sample or leave the node in float");
      }
    }
    return elements;
  }
}
