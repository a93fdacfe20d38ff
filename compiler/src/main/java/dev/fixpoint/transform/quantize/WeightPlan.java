package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.Accumulator;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of constant weights and the integer bias that goes with them.
 *
 * <p>A scale is the largest magnitude of its channel over the largest integer. It is raised where
 * the bias, whose scale is the float32 product of both scales, or an accumulator would not fit 32
 * bits.
 *
 * @param params parameters of the weights
 * @param biasScales scale of the bias of each channel, or one for all
 * @param bias integer bias of each channel, or null
 */
record WeightPlan(QuantParams params, float[] biasScales, long @Nullable [] bias) {
  /** Half of the accumulator is for the bias, the other for the products. */
  private static final double LARGEST_BIAS = 1L << 30;

  /** How often a scale is doubled before the attempt is given up. */
  private static final int DOUBLINGS = 64;

  /**
   * The plan for some weights.
   *
   * @param weights real weights, factors included
   * @param channels output channels of the weights
   * @param input parameters of the activations
   * @param biases real bias of each channel, or null
   */
  static WeightPlan of(
      QuantScheme scheme,
      Tensor weights,
      OutputChannels channels,
      QuantParams input,
      double @Nullable [] biases) {
    boolean perChannel = scheme.perChannel() && channels.axis() >= 0;
    double[] magnitudes = new double[perChannel ? channels.entries() : 1];
    double[] values = weights.toDoubles();
    for (int i = 0; i < values.length; i++) {
      int at = perChannel ? channels.entry(channels.channel(i)) : 0;
      magnitudes[at] = Math.max(magnitudes[at], Math.abs(values[i]));
    }
    ElementType type = scheme.weightType();
    if (biases != null) {
      makeRoomForBiases(magnitudes, biases, input.scale(0), type);
    }
    for (int attempt = 0; attempt < DOUBLINGS; attempt++) {
      WeightPlan plan = plan(type, magnitudes, perChannel, channels, input, biases);
      boolean[] overflows = plan.overflows(weights, channels, input);
      boolean fits = true;
      for (int c = 0; c < overflows.length; c++) {
        if (overflows[c]) {
          fits = false;
          magnitudes[c % magnitudes.length] *= 2;
        }
      }
      if (fits) {
        return plan;
      }
    }
    throw new IllegalArgumentException("no weight scale keeps the accumulators within 32 bits");
  }

  private static void makeRoomForBiases(
      double[] magnitudes, double[] biases, float xScale, ElementType type) {
    long steps = type.isSigned() ? type.maxInteger() : type.maxInteger() / 2;
    for (int c = 0; c < biases.length; c++) {
      double scale = Math.abs(biases[c]) / xScale / LARGEST_BIAS;
      int at = c % magnitudes.length;
      magnitudes[at] = Math.max(magnitudes[at], scale * steps);
    }
  }

  private static WeightPlan plan(
      ElementType type,
      double[] magnitudes,
      boolean perChannel,
      OutputChannels channels,
      QuantParams input,
      double @Nullable [] biases) {
    QuantParams params =
        perChannel
            ? QuantParams.symmetricPerAxis(type, channels.axis(), magnitudes)
            : QuantParams.symmetric(type, magnitudes[0]);
    float[] biasScales = new float[params.isPerTensor() ? 1 : channels.count()];
    for (int i = 0; i < biasScales.length; i++) {
      biasScales[i] = input.scale(0) * params.scale(channels.entry(i) % params.count());
    }
    if (biases == null) {
      return new WeightPlan(params, biasScales, null);
    }
    long[] integers = new long[biases.length];
    for (int c = 0; c < integers.length; c++) {
      integers[c] =
          Math.clamp(
              (long) Math.rint(biases[c] / biasScales[biasScales.length == 1 ? 0 : c]),
              Integer.MIN_VALUE,
              Integer.MAX_VALUE);
    }
    return new WeightPlan(params, biasScales, integers);
  }

  /**
   * Which channels could have an accumulator beyond 32 bits, by the weights as they become; those
   * of 16-bit activations have 64, and only the bias must fit.
   */
  private boolean[] overflows(Tensor weights, OutputChannels channels, QuantParams input) {
    long[] sums = new long[channels.count()];
    long zero = params.zeroPoint(0);
    double[] values = weights.toDoubles();
    for (int i = 0; i < values.length; i++) {
      int c = channels.channel(i);
      long q = params.quantize(values[i], channels.entry(c) % params.count());
      sums[c] += Math.abs(q - zero);
    }
    ElementType type = input.elementType();
    long magnitude =
        Math.max(type.maxInteger() - input.zeroPoint(0), input.zeroPoint(0) - type.minInteger());
    boolean[] overflows = new boolean[sums.length];
    for (int c = 0; c < sums.length; c++) {
      long start = bias == null ? 0 : bias[c];
      overflows[c] =
          Math.abs(start) >= Integer.MAX_VALUE
              || (type.bits() <= Byte.SIZE
                  && !Accumulator.of(sums[c], magnitude, start).fitsInt32());
    }
    return overflows;
  }

  /** The scale of the weights as a tensor: a scalar, or one entry for each channel. */
  Tensor scaleTensor() {
    return params.isPerTensor()
        ? Tensor.ofFloats(Shape.SCALAR, params.scales())
        : Tensor.ofFloats(Shape.of(params.count()), params.scales());
  }

  /** The zero point of the weights as a tensor. */
  Tensor zeroPointTensor() {
    Shape shape = params.isPerTensor() ? Shape.SCALAR : Shape.of(params.count());
    return Tensor.ofLongs(params.elementType(), shape, params.zeroPoints());
  }

  /** The scale of the bias as a tensor. */
  Tensor biasScaleTensor() {
    Shape shape = params.isPerTensor() ? Shape.SCALAR : Shape.of(biasScales.length);
    return Tensor.ofFloats(shape, biasScales);
  }

  /** How far the integer bias is from the real one, in its steps, for each channel. */
  double[] biasDistances(double[] biases) {
    double[] distances = new double[biases.length];
    for (int c = 0; c < distances.length; c++) {
      double scale = biasScales[biasScales.length == 1 ? 0 : c];
      double meant = biases[c] / scale;
      distances[c] = bias == null ? 0 : Math.abs(meant - bias[c]) + 2 * Math.ulp(meant);
    }
    return distances;
  }
}
