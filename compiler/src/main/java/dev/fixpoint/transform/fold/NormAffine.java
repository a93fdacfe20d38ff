package dev.fixpoint.transform.fold;

import dev.fixpoint.tensor.Tensor;

/**
 * Inference-time BatchNormalization as an affine step per channel: {@code y = gain · x + shift}
 * with {@code gain = scale / √(variance + ε)} and {@code shift = bias - mean · gain} (ONNX
 * BatchNormalization, opset 15), computed in double.
 */
final class NormAffine {
  private final double[] gain;
  private final double[] mean;
  private final double[] bias;

  private NormAffine(double[] gain, double[] mean, double[] bias) {
    this.gain = gain;
    this.mean = mean;
    this.bias = bias;
  }

  static NormAffine of(Tensor scale, Tensor bias, Tensor mean, Tensor variance, double epsilon) {
    double[] gain = scale.toDoubles();
    double[] spread = variance.toDoubles();
    for (int c = 0; c < gain.length; c++) {
      gain[c] /= Math.sqrt(spread[c] + epsilon);
    }
    return new NormAffine(gain, mean.toDoubles(), bias.toDoubles());
  }

  int channels() {
    return gain.length;
  }

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
}
