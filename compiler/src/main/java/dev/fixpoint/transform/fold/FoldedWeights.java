package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.function.IntUnaryOperator;

/**
 * Weights and bias of an operator that is linear in its weights, with an affine step on its results
 * folded in: {@code step(W·x + b) = (W·gain)·x + step(b)}. Both are computed in double and rounded
 * once to the element type of the weights, whatever the types of the step's parameters.
 */
final class FoldedWeights {
  private final ReplacementBuilder build;
  private final AffineStep step;
  private final Tensor weights;
  private final String wish;

  /**
   * The weights before folding.
   *
   * @param wish name that the new constants get, if it is free
   */
  FoldedWeights(ReplacementBuilder build, AffineStep step, Tensor weights, String wish) {
    this.build = build;
    this.step = step;
    this.weights = weights;
    this.wish = wish;
  }

  /**
   * The weights times the gains.
   *
   * @param channelOf the channel of the step for each element of the weights
   */
  Value weights(IntUnaryOperator channelOf) {
    double[] folded = weights.toDoubles();
    double[] magnitudes = new double[folded.length];
    for (int i = 0; i < folded.length; i++) {
      folded[i] *= step.gain(channelOf.applyAsInt(i));
      magnitudes[i] = Math.abs(folded[i]);
    }
    return build.computed(
        wish,
        weights.elementType(),
        weights.shape(),
        folded,
        AffineStep.WEIGHT_ROUNDINGS,
        magnitudes);
  }

  /**
   * The step on a bias.
   *
   * @param bias one number for each channel, or one for all
   */
  Value bias(double... bias) {
    double[] folded = new double[step.channels()];
    double[] magnitudes = new double[folded.length];
    for (int c = 0; c < folded.length; c++) {
      double before = bias[bias.length == 1 ? 0 : c];
      folded[c] = step.apply(c, before);
      magnitudes[c] = step.magnitude(c, before);
    }
    return build.computed(
        wish + "_bias",
        weights.elementType(),
        Shape.of(folded.length),
        folded,
        AffineStep.BIAS_ROUNDINGS,
        magnitudes);
  }
}
