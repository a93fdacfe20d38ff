package dev.fixpoint.op.standard;

import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;

/** The roundings of an activation that is computed in the element type, at one point. */
final class ActivationRounding {
  /** Beyond this magnitude the gate of HardSwish is 0 or 1, exactly. */
  private static final double GATE_END = 4;

  private ActivationRounding() {}

  /**
   * The most that the computed activation differs from the exact one of the same argument.
   *
   * @param magnitude largest magnitude of the argument
   */
  static double of(Activation activation, ElementType type, double magnitude) {
    double u = Transfers.unitRoundoff(type);
    return switch (activation) {
      case Activation.None _, Activation.Relu _, Activation.Clip _ -> 0;
      case Activation.LeakyRelu leaky -> 2 * u * Math.abs(leaky.alpha()) * magnitude;
      case Activation.HardSigmoid hard ->
          3 * u * (Math.abs(hard.alpha()) * magnitude + Math.abs(hard.beta()));
      case Activation.HardSwish _ -> {
        // The gate takes three roundings (a sixth, product, sum), its product with x one more.
        double gate = 4 * u * (Math.min(magnitude, GATE_END) / 6 + 1);
        yield magnitude * (gate + 2 * u);
      }
      // The gate may be made by a subtraction from 1, so that its error is relative to 1.
      case Activation.Swish _ -> 4 * RealFunction.LIBRARY_ULPS * 2 * u * magnitude;
    };
  }
}
