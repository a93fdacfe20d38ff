package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** What the losses have in common that pick the log-probability of the right class. */
final class ClassLoss {
  static final Attribute<String> REDUCTION = Attribute.ofString("reduction", "mean");
  static final Attribute<Long> IGNORE_INDEX = Attribute.ofInt("ignore_index");

  private ClassLoss() {}

  /** The type of the loss. */
  static TensorType type(OpCall call) {
    Shape shape = isReduced(call) ? Shape.SCALAR : call.type(1).shape();
    return call.type(0).withShape(shape);
  }

  private static boolean isReduced(OpCall call) {
    return !call.get(REDUCTION).equals("none");
  }

  /** The loss for log-probabilities in the layout of the first input. */
  static Tensor of(OpCall call, double[] logProbabilities) {
    Shape shape = call.tensor(0).shape();
    int classes = classes(shape);
    List<Dimension> others = new ArrayList<>(shape.dimensions());
    others.remove(1);
    Axes.requireShape(call, 1, Shape.of(others).sizes());
    Axes.requireShape(call, 2, classes);
    int inner = Elements.strides(shape.intSizes())[1];
    long[] targets = call.tensor(1).toLongs();
    double[] weights = call.hasInput(2) ? call.tensor(2).toDoubles() : null;
    Long ignored = call.attributes().find(IGNORE_INDEX);
    double[] losses = new double[targets.length];
    double sum = 0;
    double weightSum = 0;
    for (int i = 0; i < targets.length; i++) {
      if (ignored != null && targets[i] == ignored) {
        continue;
      }
      int right = Gather.index(targets[i], classes);
      double weight = weights == null ? 1 : weights[right];
      int position = (i / inner * classes + right) * inner + i % inner;
      losses[i] = -logProbabilities[position] * weight;
      sum += losses[i];
      weightSum += weight;
    }
    return switch (call.get(REDUCTION)) {
      case "none" -> Tensor.ofDoubles(call.tensor(0).elementType(), call.tensor(1).shape(), losses);
      case "sum" -> Tensor.scalar(call.tensor(0).elementType(), sum);
      case "mean" -> Tensor.scalar(call.tensor(0).elementType(), sum / weightSum);
      default ->
          throw new IllegalArgumentException("there is no reduction '" + call.get(REDUCTION) + "'");
    };
  }

  private static int classes(Shape shape) {
    if (shape.rank() < 2) {
      throw new IllegalArgumentException("scores should be [batch, classes, …], not " + shape);
    }
    return shape.intSize(1);
  }

  /** Exact where all inputs are. */
  static List<ErrorBound> errors(OpCall call, List<ErrorBound> errors) {
    return errors.stream().allMatch(ErrorBound.Exact.class::isInstance)
        ? Transfers.each(call.outputCount(), ErrorBound.EXACT)
        : unbounded(call);
  }

  /** Losses are for training, where no bounds are asked for. */
  static List<ErrorBound> unbounded(OpCall call) {
    return Transfers.each(
        call.outputCount(), ErrorBound.unbounded("no bound is stated for losses"));
  }

  /** The logarithm of the softmax along axis 1 of scores in a shape. */
  static double[] logSoftmax(double[] scores, Shape shape) {
    int classes = classes(shape);
    int inner = Elements.strides(shape.intSizes())[1];
    double[] logs = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      if (i / inner % classes == 0) {
        column(scores, logs, i, classes, inner);
      }
    }
    return logs;
  }

  private static void column(double[] scores, double[] logs, int start, int classes, int inner) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      largest = Math.max(largest, scores[start + c * inner]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp(scores[start + c * inner] - largest);
    }
    double normalizer = largest + Math.log(sum);
    for (int c = 0; c < classes; c++) {
      logs[start + c * inner] = scores[start + c * inner] - normalizer;
    }
  }
}
