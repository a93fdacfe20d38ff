package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpSchema;

/**
 * ONNX QLinearMatMul (opsets 10 and 21): {@link QMatMul} without bias and activation. Scales of the
 * left side are per tensor.
 */
public final class QLinearMatMul extends RearrangedOp {
  private static final OpSchema SCHEMA =
      OpSchema.of("QLinearMatMul")
          .versions(10, 21)
          .input("a", QuantTypes.INTEGERS)
          .input("a_scale", QuantTypes.FLOATS)
          .input("a_zero_point", QuantTypes.INTEGERS)
          .input("b", QuantTypes.INTEGERS)
          .input("b_scale", QuantTypes.FLOATS)
          .input("b_zero_point", QuantTypes.INTEGERS)
          .input("y_scale", QuantTypes.FLOATS)
          .input("y_zero_point", QuantTypes.INTEGERS)
          .output("y", QuantTypes.INTEGERS)
          .doc("Matrix product of quantized tensors, requantized once.");

  /** The definition. */
  public QLinearMatMul() {
    super(SCHEMA, new QMatMul(), 0, 1, 2, 3, 4, 5, NONE, 6, 7);
  }
}
