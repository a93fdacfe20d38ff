package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** {@code e^xᵢ / Σ e^xⱼ} over the lines along an axis: ONNX Softmax, opset 13. */
public final class Softmax extends SoftmaxOp {
  Softmax() {
    super("Softmax", "Probabilities of the elements of each line along an axis.");
  }

  @Override
  void apply(double[] line) {
    double largest = Arrays.stream(line).max().orElse(0);
    double sum = 0;
    for (int i = 0; i < line.length; i++) {
      line[i] = Math.exp(line[i] - largest);
      sum += line[i];
    }
    for (int i = 0; i < line.length; i++) {
      line[i] /= sum;
    }
  }

  @Override
  Interval image(Interval term, Group line) {
    Interval surprise = Probabilities.surprise(term, line);
    return Images.decreasing(x -> Math.exp(-x), surprise).clamped(0, 1);
  }

  /**
   * Rows of the Jacobian, {@code pᵢ (δᵢⱼ - pⱼ)}, have the absolute sum {@code 2 pᵢ (1 - pᵢ) <=
   * 1/2}.
   */
  @Override
  double shift(Interval image, double move) {
    boolean mayBeHalf = image.contains(0.5);
    double ends = Math.max(image.low() * (1 - image.low()), image.high() * (1 - image.high()));
    return Outward.multiplyUp(move, mayBeHalf ? 0.5 : Math.min(0.5, 2 * ends * (1 + 0x1p-40)));
  }

  // Exponentials may also underflow.
  @Override
  double roundoff(double[] line, double x, double y, ElementType type) {
    double relative = Probabilities.relativeRoundoff(line, x, type);
    return relative * y + 4 * Transfers.smallest(type) * (1 + line.length * y);
  }
}
