package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.util.Map;

/**
 * What a quantized graph should say: the float graph that it was made from, and the calibration
 * data on which both are compared.
 *
 * @param graph the float graph; its values have the same identity in graphs rewritten from it
 * @param batches tensor by input name, for each batch; may be gone through any number of times
 */
public record Reference(Graph graph, Iterable<? extends Map<String, Tensor>> batches) {

  /**
   * Signal to quantization noise of another graph's outputs in decibel: {@code -10 log10} of the
   * mean over the outputs of {@code Σ (y - y')² / Σ y²}; infinite where nothing differs.
   */
  public double decibels(Graph other, Evaluator evaluator) {
    Evaluator.Evaluation expected = evaluator.prepare(graph);
    Evaluator.Evaluation actual = evaluator.prepare(other);
    int outputs = graph.outputs().size();
    double[] signal = new double[outputs];
    double[] noise = new double[outputs];
    for (Map<String, Tensor> batch : batches) {
      Map<String, Tensor> reference = expected.evaluate(batch);
      Map<String, Tensor> quantized = actual.evaluate(batch);
      for (int i = 0; i < outputs; i++) {
        Value output = graph.outputs().get(i);
        Tensor a = reference.get(output.name());
        Tensor b = quantized.get(output.name());
        if (a != null && b != null && a.elementType().isFloat()) {
          add(a.toDoubles(), b.toDoubles(), i, signal, noise);
        }
      }
    }
    double ratio = 0;
    for (int i = 0; i < outputs; i++) {
      ratio += noise[i] == 0 ? 0 : noise[i] / signal[i] / outputs;
    }
    return -10 * Math.log10(ratio);
  }

  private static void add(double[] a, double[] b, int output, double[] signal, double[] noise) {
    for (int i = 0; i < a.length; i++) {
      signal[output] += a[i] * a[i];
      noise[output] += (a[i] - b[i]) * (a[i] - b[i]);
    }
  }
}
