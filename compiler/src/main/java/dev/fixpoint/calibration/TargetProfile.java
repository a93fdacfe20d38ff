package dev.fixpoint.calibration;

/** What a quantized graph is placed for: which values get quantizers, and of which kind. */
public enum TargetProfile {
  /**
   * Integers everywhere: activations may be unsigned with any zero point, biases are int32 with the
   * product of both scales, and sums and products of integer results are integer, too.
   */
  CPU,
  /**
   * TensorRT's rules for explicit quantization: every zero point is 0, biases stay float, weights
   * are float behind a quantizer of their own, the residual input of a sum after a convolution has
   * a quantizer and its other input none, and other sums and products stay in float.
   */
  TENSORRT
}
