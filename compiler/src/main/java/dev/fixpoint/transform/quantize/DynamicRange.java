package dev.fixpoint.transform.quantize;

/** What shares a range when activations are quantized by their own range. */
public enum DynamicRange {
  /** A whole tensor, in ONNX's DynamicQuantizeLinear, MatMulInteger and ConvInteger. */
  TENSOR,
  /**
   * A row of a matrix product: a token, or a sample. Each column of its weights has a zero point,
   * too, and a convolution whose windows do not overlap is such a product with its windows as rows.
   * Other convolutions take the range of the whole tensor.
   */
  TOKEN
}
