package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What to quantize to, and how: element types, granularity, symmetry, calibration, and what to
 * leave out.
 *
 * @param activationType integer type of activations
 * @param weightType integer type of weights
 * @param perChannel whether each output channel of a weight has its own scale
 * @param symmetricActivations whether the zero point of activations is the middle of their type
 * @param calibration how ranges of activations are chosen
 * @param excludedNodes nodes whose name one of these patterns finds stay in float
 * @param excludedOperators operators by name that stay in float
 */
public record QuantScheme(
    ElementType activationType,
    ElementType weightType,
    boolean perChannel,
    boolean symmetricActivations,
    CalibrationMethod calibration,
    List<Pattern> excludedNodes,
    List<String> excludedOperators) {
  /** uint8 activations, int8 weights per channel, min-max. */
  public static final QuantScheme DEFAULT =
      new QuantScheme(
          ElementType.UINT8,
          ElementType.INT8,
          true,
          false,
          CalibrationMethod.MINMAX,
          List.of(),
          List.of());

  /** Refuses types that are not integers of 2 to 16 bits. */
  public QuantScheme {
    for (ElementType type : List.of(activationType, weightType)) {
      if (!type.isInteger() || type.bits() > 16) {
        throw new IllegalArgumentException(
            "values are quantized to integers of 2 to 16 bits, not to " + type.text());
      }
    }
    excludedNodes = List.copyOf(excludedNodes);
    excludedOperators = List.copyOf(excludedOperators);
  }

  /** This scheme with other integer types. */
  public QuantScheme withTypes(ElementType activations, ElementType weights) {
    return new QuantScheme(
        activations,
        weights,
        perChannel,
        symmetricActivations,
        calibration,
        excludedNodes,
        excludedOperators);
  }

  /** This scheme with one scale for each weight tensor, or one for each of its output channels. */
  public QuantScheme withPerChannel(boolean each) {
    return new QuantScheme(
        activationType,
        weightType,
        each,
        symmetricActivations,
        calibration,
        excludedNodes,
        excludedOperators);
  }

  /** This scheme with symmetric or asymmetric activations. */
  public QuantScheme withSymmetricActivations(boolean symmetric) {
    return new QuantScheme(
        activationType,
        weightType,
        perChannel,
        symmetric,
        calibration,
        excludedNodes,
        excludedOperators);
  }

  /** This scheme with another way to choose ranges. */
  public QuantScheme withCalibration(CalibrationMethod method) {
    return new QuantScheme(
        activationType,
        weightType,
        perChannel,
        symmetricActivations,
        method,
        excludedNodes,
        excludedOperators);
  }

  /** This scheme with other exclusions. */
  public QuantScheme excluding(List<Pattern> nodes, List<String> operators) {
    return new QuantScheme(
        activationType,
        weightType,
        perChannel,
        symmetricActivations,
        calibration,
        nodes,
        operators);
  }

  /** The parameters of an activation with a range. */
  public QuantParams activation(Interval range) {
    return symmetricActivations
        ? QuantParams.symmetric(activationType, range.magnitude())
        : QuantParams.asymmetric(activationType, range.low(), range.high());
  }
}
