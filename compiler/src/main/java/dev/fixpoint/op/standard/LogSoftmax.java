package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** {@code xᵢ - log Σ e^xⱼ} over the lines along an axis: ONNX LogSoftmax, opset 13. */
public final class LogSoftmax extends SoftmaxOp {
  LogSoftmax() {
    super("LogSoftmax", "Logarithms of the probabilities of the elements of each line.");
  }

  @Override
  void apply(double[] line) {
    double largest = Arrays.stream(line).max().orElse(0);
    double sum = 0;
    for (double x : line) {
      sum += Math.exp(x - largest);
    }
    double logarithm = Math.log(sum);
    for (int i = 0; i < line.length; i++) {
      line[i] = line[i] - largest - logarithm;
    }
  }

  @Override
  Interval image(Interval term, Group line) {
    return Probabilities.surprise(term, line).negated();
  }

  /** Rows of the Jacobian, {@code δᵢⱼ - pⱼ}, have the absolute sum {@code 2 (1 - pᵢ)}. */
  @Override
  double shift(Interval image, double move) {
    double leastProbability = Math.exp(image.low()) * (1 - 0x1p-40);
    return Outward.multiplyUp(move, 2 * (1 - leastProbability));
  }

  @Override
  double roundoff(double[] line, double x, double y, ElementType type) {
    double largest = Arrays.stream(line).max().orElse(0);
    double u = Transfers.unitRoundoff(type);
    double inDifferences = 4 * u * (Math.abs(x - largest) + Math.abs(y) + Math.log(line.length));
    double library = 2 * RealFunction.LIBRARY_ULPS * u * (1 + Math.log(line.length));
    return Probabilities.relativeRoundoff(line, largest, type) + inDifferences + library;
  }
}
