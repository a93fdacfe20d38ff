package dev.fixpoint.examples;

import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What the outputs of a classifier say, and how far two of them are apart. */
public final class Logits {
  private Logits() {}

  /** The class with the largest logit of each row of an [N, classes] tensor, the first on ties. */
  public static List<Integer> argmax(Tensor logits) {
    int classes = logits.shape().intSize(1);
    double[] values = logits.toDoubles();
    List<Integer> best = new ArrayList<>();
    for (int row = 0; row < logits.shape().intSize(0); row++) {
      int at = 0;
      for (int i = 1; i < classes; i++) {
        at = values[row * classes + i] > values[row * classes + at] ? i : at;
      }
      best.add(at);
    }
    return best;
  }

  /** Share of rows whose largest logit is that of the label. */
  public static double accuracy(Tensor logits, List<Integer> labels) {
    List<Integer> predicted = argmax(logits);
    int right = 0;
    for (int i = 0; i < labels.size(); i++) {
      right += predicted.get(i).equals(labels.get(i)) ? 1 : 0;
    }
    return (double) right / labels.size();
  }

  /**
   * Signal to quantization noise in decibel: {@code 10 log10(Σ reference² / Σ (reference -
   * actual)²)}; infinite where nothing differs.
   */
  public static double sqnr(Tensor reference, Tensor actual) {
    double[] expected = reference.toDoubles();
    double[] got = actual.toDoubles();
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < expected.length; i++) {
      signal += expected[i] * expected[i];
      noise += (expected[i] - got[i]) * (expected[i] - got[i]);
    }
    return 10 * Math.log10(signal / noise);
  }
}
