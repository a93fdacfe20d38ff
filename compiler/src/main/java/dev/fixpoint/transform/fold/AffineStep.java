package dev.fixpoint.transform.fold;

import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;

/**
 * An affine step per channel, {@code y = (x - mean) · gain + bias}, computed in double: an
 * inference-time BatchNormalization, a factor, or a summand.
 */
final class AffineStep {
  /** Roundings of a weight behind {@link #gain}: root, sum, quotient, product. */
  static final int WEIGHT_ROUNDINGS = 4;

  /** Roundings of {@link #apply}, those of the gain included, and of an argument's product. */
  static final int BIAS_ROUNDINGS = 7;

  private final double[] gain;
  private final double[] mean;
  private final double[] bias;

  private AffineStep(double[] gain, double[] mean, double[] bias) {
    this.gain = gain;
    this.mean = mean;
    this.bias = bias;
  }

  /**
   * An inference-time BatchNormalization (ONNX opset 15): {@code gain = scale / √(variance + ε)}.
   */
  static AffineStep batchNorm(
      Tensor scale, Tensor bias, Tensor mean, Tensor variance, double epsilon) {
    double[] gain = scale.toDoubles();
    double[] spread = variance.toDoubles();
    for (int c = 0; c < gain.length; c++) {
      gain[c] /= Math.sqrt(spread[c] + epsilon);
    }
    return new AffineStep(gain, mean.toDoubles(), bias.toDoubles());
  }

  /** Multiplication by a factor for each channel. */
  static AffineStep factor(double[] factor) {
    return new AffineStep(factor, new double[factor.length], new double[factor.length]);
  }

  /** Addition of a summand for each channel. */
  static AffineStep summand(double[] summand) {
    double[] ones = new double[summand.length];
    Arrays.fill(ones, 1);
    return new AffineStep(ones, new double[summand.length], summand);
  }

  int channels() {
    return gain.length;
  }

  /** The factor of a channel. */
  double gain(int channel) {
    return gain[channel];
  }

  /** What a value before the step becomes. */
  double apply(int channel, double x) {
    return (x - mean[channel]) * gain[channel] + bias[channel];
  }

  /** Largest magnitude met while computing {@link #apply}. */
  double magnitude(int channel, double x) {
    return (Math.abs(x) + Math.abs(mean[channel])) * Math.abs(gain[channel])
        + Math.abs(bias[channel]);
  }

  /** What zero becomes. */
  double shift(int channel) {
    return apply(channel, 0);
  }

  /** This step after the division by a number for each channel. */
  AffineStep afterDivisionBy(double[] divisor) {
    double[] gains = gain.clone();
    double[] means = mean.clone();
    for (int c = 0; c < gains.length; c++) {
      gains[c] /= divisor[c];
      means[c] *= divisor[c];
    }
    return new AffineStep(gains, means, bias);
  }
}
