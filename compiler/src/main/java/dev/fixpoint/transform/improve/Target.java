package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.tensor.Tensor;
import java.util.Locale;
import java.util.Map;

/** How close to the float graph a quantized one has to come on calibration data. */
public sealed interface Target {
  /**
   * A signal to quantization noise ratio.
   *
   * @param least in decibel
   */
  record Decibels(double least) implements Target {
    @Override
    public double measure(Reference reference, Graph quantized, Evaluator evaluator) {
      return reference.decibels(quantized, evaluator);
    }

    @Override
    public String text(double value) {
      return String.format(Locale.ROOT, "%.2f dB", value);
    }
  }

  /**
   * A share of rows in which the largest entry of the first output stands where it does in float.
   *
   * @param least from 0 to 1
   */
  record Agreement(double least) implements Target {
    @Override
    public double measure(Reference reference, Graph quantized, Evaluator evaluator) {
      Evaluator.Evaluation expected = evaluator.prepare(reference.graph());
      Evaluator.Evaluation actual = evaluator.prepare(quantized);
      long rows = 0;
      long same = 0;
      for (Map<String, Tensor> batch : reference.batches()) {
        Tensor a = expected.evaluate(batch).values().iterator().next();
        Tensor b = actual.evaluate(batch).values().iterator().next();
        int width = a.shape().rank() == 0 ? 1 : a.shape().intSize(-1);
        for (int start = 0; width > 0 && start < a.elementCount(); start += width) {
          rows++;
          same += largest(a, start, width) == largest(b, start, width) ? 1 : 0;
        }
      }
      return rows == 0 ? 1 : (double) same / rows;
    }

    private static int largest(Tensor tensor, int start, int width) {
      int best = 0;
      for (int i = 1; i < width; i++) {
        best = tensor.doubleAt(start + i) > tensor.doubleAt(start + best) ? i : best;
      }
      return best;
    }

    @Override
    public String text(double value) {
      return String.format(Locale.ROOT, "agreement %.4f", value);
    }
  }

  /** The figure that must be reached. */
  double least();

  /** The figure of a quantized graph. */
  double measure(Reference reference, Graph quantized, Evaluator evaluator);

  /** A figure for people. */
  String text(double value);
}
