package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;

/**
 * ONNX Runtime QLinearMul: the product of two quantized tensors with broadcasting. {@link QMul}
 * says how it rounds.
 */
public final class QLinearMul extends RearrangedOp {
  private static final OpSchema SCHEMA =
      BinaryQuant.schema(OpId.microsoft("QLinearMul"))
          .doc("The product of quantized tensors, requantized once.");

  /** The definition. */
  public QLinearMul() {
    super(SCHEMA, new QMul());
  }
}
