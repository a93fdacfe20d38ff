package dev.fixpoint.cli;

import dev.fixpoint.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What two models say at one output, summed over batches. */
final class OutputComparison {
  private final String name;
  private final long @Nullable [] labels;
  private final Sqnr sqnr = new Sqnr();
  private int rows;
  private int agreeing;
  private int rightA;
  private int rightB;

  /**
   * Of an output.
   *
   * @param labels the right class of each row, or null
   */
  OutputComparison(String name, long @Nullable [] labels) {
    this.name = name;
    this.labels = labels;
  }

  /** Adds the outputs for a batch, which have the same shape. */
  void add(Tensor a, Tensor b) {
    sqnr.add(a, b);
    int rank = a.shape().rank();
    int classes = rank == 0 ? 1 : a.shape().intSize(rank - 1);
    if (classes == 0) {
      return;
    }
    double[] left = a.toDoubles();
    double[] right = b.toDoubles();
    for (int start = 0; start < left.length; start += classes, rows++) {
      int bestA = argmax(left, start, classes);
      int bestB = argmax(right, start, classes);
      agreeing += bestA == bestB ? 1 : 0;
      if (labels != null && rows < labels.length) {
        rightA += bestA == labels[rows] ? 1 : 0;
        rightB += bestB == labels[rows] ? 1 : 0;
      }
    }
  }

  private static int argmax(double[] values, int start, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = values[start + i] > values[start + best] ? i : best;
    }
    return best;
  }

  /** The SQNR in decibel. */
  double decibels() {
    return sqnr.decibels();
  }

  private boolean hasAccuracy() {
    return labels != null && labels.length == rows && rows > 0;
  }

  private double share(int count) {
    return rows == 0 ? 1 : (double) count / rows;
  }

  /** As JSON, with numbers that are finite. */
  Map<String, Object> json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", name);
    object.put("sqnr_db", decibels());
    object.put("max_abs", sqnr.largestDifference());
    object.put("argmax_agreement", share(agreeing));
    if (hasAccuracy()) {
      object.put("accuracy_a", share(rightA));
      object.put("accuracy_b", share(rightB));
    }
    return object;
  }

  /** Adds a row to a table. */
  void row(Table table) {
    table.row(
        name,
        Figures.fixed(decibels(), 2),
        Figures.small(sqnr.largestDifference()),
        Figures.percent(share(agreeing)),
        hasAccuracy() ? Figures.percent(share(rightA)) : "",
        hasAccuracy() ? Figures.percent(share(rightB)) : "");
  }
}
