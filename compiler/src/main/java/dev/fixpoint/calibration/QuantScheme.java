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
 * @param unsignedNonNegatives whether symmetric activations that are never negative, as
 *     probabilities, have the unsigned type of the same width, with zero point 0 still
 * @param calibration how ranges of activations are chosen
 * @param excludedNodes nodes whose name one of these patterns finds stay in float
 * @param excludedOperators operators by name that stay in float
 * @param target what the quantizers are placed for
 */
public record QuantScheme(
    ElementType activationType,
    ElementType weightType,
    boolean perChannel,
    boolean symmetricActivations,
    boolean unsignedNonNegatives,
    CalibrationMethod calibration,
    List<Pattern> excludedNodes,
    List<String> excludedOperators,
    TargetProfile target) {
  /** uint8 activations, int8 weights per channel, min-max. */
  public static final QuantScheme DEFAULT =
      new QuantScheme(
          ElementType.UINT8,
          ElementType.INT8,
          true,
          false,
          false,
          CalibrationMethod.MINMAX,
          List.of(),
          List.of(),
          TargetProfile.CPU);

  /** int8 activations and weights with zero point 0, for TensorRT. */
  public static final QuantScheme TENSORRT =
      DEFAULT
          .withTypes(ElementType.INT8, ElementType.INT8)
          .withSymmetricActivations(true)
          .withTarget(TargetProfile.TENSORRT);

  /**
   * The scheme of SmoothQuant (Xiao et al. 2023): int8 activations and weights with zero point 0,
   * and what is never negative, as attention's probabilities, in uint8.
   */
  public static final QuantScheme W8A8 =
      DEFAULT
          .withTypes(ElementType.INT8, ElementType.INT8)
          .withSymmetricActivations(true)
          .withUnsignedNonNegatives(true);

  /** Refuses types that are not integers of 2 to 16 bits, and those that the target cannot take. */
  public QuantScheme {
    for (ElementType type : List.of(activationType, weightType)) {
      if (!type.isInteger() || type.bits() > 16) {
        throw new IllegalArgumentException(
            "values are quantized to integers of 2 to 16 bits, not to " + type.text());
      }
    }
    boolean zeroIsZero =
        symmetricActivations
            && !unsignedNonNegatives
            && activationType.isSigned()
            && weightType.isSigned();
    if (target == TargetProfile.TENSORRT && !zeroIsZero) {
      throw new IllegalArgumentException(
          "TensorRT takes signed integers with zero point 0 only; use int8 activations and weights");
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
        unsignedNonNegatives,
        calibration,
        excludedNodes,
        excludedOperators,
        target);
  }

  /** This scheme with one scale for each weight tensor, or one for each of its output channels. */
  public QuantScheme withPerChannel(boolean each) {
    return new QuantScheme(
        activationType,
        weightType,
        each,
        symmetricActivations,
        unsignedNonNegatives,
        calibration,
        excludedNodes,
        excludedOperators,
        target);
  }

  /** This scheme with symmetric or asymmetric activations. */
  public QuantScheme withSymmetricActivations(boolean symmetric) {
    return new QuantScheme(
        activationType,
        weightType,
        perChannel,
        symmetric,
        unsignedNonNegatives,
        calibration,
        excludedNodes,
        excludedOperators,
        target);
  }

  /** This scheme with or without the unsigned type for symmetric activations never negative. */
  public QuantScheme withUnsignedNonNegatives(boolean unsigned) {
    return new QuantScheme(
        activationType,
        weightType,
        perChannel,
        symmetricActivations,
        unsigned,
        calibration,
        excludedNodes,
        excludedOperators,
        target);
  }

  /** This scheme with another way to choose ranges. */
  public QuantScheme withCalibration(CalibrationMethod method) {
    return new QuantScheme(
        activationType,
        weightType,
        perChannel,
        symmetricActivations,
        unsignedNonNegatives,
        method,
        excludedNodes,
        excludedOperators,
        target);
  }

  /** This scheme with other exclusions. */
  public QuantScheme excluding(List<Pattern> nodes, List<String> operators) {
    return new QuantScheme(
        activationType,
        weightType,
        perChannel,
        symmetricActivations,
        unsignedNonNegatives,
        calibration,
        nodes,
        operators,
        target);
  }

  /** This scheme for another target. */
  public QuantScheme withTarget(TargetProfile newTarget) {
    return new QuantScheme(
        activationType,
        weightType,
        perChannel,
        symmetricActivations,
        unsignedNonNegatives,
        calibration,
        excludedNodes,
        excludedOperators,
        newTarget);
  }

  /** The parameters of an activation with a range. */
  public QuantParams activation(Interval range) {
    if (!symmetricActivations) {
      return QuantParams.asymmetric(activationType, range.low(), range.high());
    }
    boolean unsigned = unsignedNonNegatives && range.low() >= 0;
    return unsigned
        ? QuantParams.asymmetric(unsigned(activationType), 0, range.high())
        : QuantParams.symmetric(activationType, range.magnitude());
  }

  private static ElementType unsigned(ElementType type) {
    return switch (type) {
      case INT2 -> ElementType.UINT2;
      case INT4 -> ElementType.UINT4;
      case INT8 -> ElementType.UINT8;
      case INT16 -> ElementType.UINT16;
      default -> type;
    };
  }
}
