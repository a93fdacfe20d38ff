package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpSchema;

/**
 * ONNX QLinearConv (opset 10): {@link QConv} without activation and residual. The bias is int32
 * with the scale {@code x_scale * w_scale}.
 */
public final class QLinearConv extends RearrangedOp {
  private static final OpSchema SCHEMA =
      OpSchema.of("QLinearConv")
          .versions(10)
          .input("x", QuantTypes.INTEGERS)
          .input("x_scale", QuantTypes.FLOAT)
          .input("x_zero_point", QuantTypes.INTEGERS)
          .input("w", QuantTypes.INTEGERS)
          .input("w_scale", QuantTypes.FLOAT)
          .input("w_zero_point", QuantTypes.INTEGERS)
          .input("y_scale", QuantTypes.FLOAT)
          .input("y_zero_point", QuantTypes.INTEGERS)
          .optionalInput("B", QuantTypes.INT32)
          .output("y", QuantTypes.INTEGERS)
          .attributes(
              SlidingWindow.AUTO_PAD,
              SlidingWindow.DILATIONS,
              SlidingWindow.GROUP,
              SlidingWindow.KERNEL_SHAPE,
              SlidingWindow.PADS,
              SlidingWindow.STRIDES)
          .doc("Convolution of quantized tensors, requantized once.");

  /** The definition. */
  public QLinearConv() {
    super(SCHEMA, new QConv(), 0, 1, 2, 3, 4, 5, 8, 6, 7);
  }
}
