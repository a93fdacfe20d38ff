package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.function.IntUnaryOperator;

/**
 * Weights and bias of an operator that is linear in its data, with an affine step on the data
 * folded in: {@code W·(gain·x + shift) + b = (W·gain)·x + (b + W·shift)}.
 */
final class FoldedInputs {
  private final ReplacementBuilder build;
  private final AffineStep step;
  private final Tensor weights;
  private final String wish;
  private final IntUnaryOperator inputOf;

  /**
   * The weights before folding.
   *
   * @param wish name that the new constants get, if it is free
   * @param inputOf the input channel of each element of the weights
   */
  FoldedInputs(
      ReplacementBuilder build,
      AffineStep step,
      Tensor weights,
      String wish,
      IntUnaryOperator inputOf) {
    this.build = build;
    this.step = step;
    this.weights = weights;
    this.wish = wish;
    this.inputOf = inputOf;
  }

  /** The weights times the gains of the input channels. */
  Value weights() {
    return new FoldedWeights(build, step, weights, wish).weights(inputOf);
  }

  /**
   * The bias with what the shifts give.
   *
   * @param factor of the products, α of a Gemm
   * @param outputOf the output channel of each element of the weights
   * @param channels number of output channels
   * @param bias one number for each output channel, or one for all
   */
  Value bias(double factor, IntUnaryOperator outputOf, int channels, double... bias) {
    double[] sums = new double[channels];
    double[] magnitudes = new double[channels];
    for (int c = 0; c < channels; c++) {
      sums[c] = bias[bias.length == 1 ? 0 : c];
      magnitudes[c] = Math.abs(sums[c]);
    }
    double[] elements = weights.toDoubles();
    for (int i = 0; i < elements.length; i++) {
      int input = inputOf.applyAsInt(i);
      int output = outputOf.applyAsInt(i);
      double weight = factor * elements[i];
      sums[output] += weight * step.shift(input);
      magnitudes[output] += Math.abs(weight) * step.magnitude(input, 0);
    }
    int roundings = AffineStep.BIAS_ROUNDINGS + 2 + elements.length / channels;
    return build.computed(
        wish + "_bias", weights.elementType(), Shape.of(channels), sums, roundings, magnitudes);
  }
}
