package dev.fixpoint.transform.improve;

import dev.fixpoint.calibration.CalibrationException;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The largest magnitude of each channel of values, along their last axis, over data. */
final class ChannelMagnitudes {
  private ChannelMagnitudes() {}

  /**
   * The magnitudes by value.
   *
   * @throws CalibrationException if there is no data
   */
  static Map<Value, double[]> of(
      Graph graph,
      Set<Value> values,
      Evaluator evaluator,
      Iterable<? extends Map<String, Tensor>> batches) {
    Map<Value, double[]> seen = new HashMap<>();
    Evaluator.Evaluation evaluation = evaluator.prepare(graph, values);
    boolean any = false;
    for (Map<String, Tensor> batch : batches) {
      any = true;
      evaluation.evaluate(
          batch,
          (value, tensor) ->
              observe(
                  seen.computeIfAbsent(value, _ -> new double[tensor.shape().intSize(-1)]),
                  tensor.toDoubles()));
    }
    if (!any) {
      throw new CalibrationException("there is no calibration data; give at least one sample");
    }
    return seen;
  }

  private static void observe(double[] magnitudes, double[] elements) {
    for (int i = 0; i < elements.length; i++) {
      int channel = i % magnitudes.length;
      magnitudes[channel] = Math.max(magnitudes[channel], Math.abs(elements[i]));
    }
  }
}
