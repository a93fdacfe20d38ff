package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;

/**
 * ONNX Runtime QLinearAdd: the sum of two quantized tensors with broadcasting. {@link QAdd} says
 * how it rounds.
 */
public final class QLinearAdd extends RearrangedOp {
  private static final OpSchema SCHEMA =
      BinaryQuant.schema(OpId.microsoft("QLinearAdd"))
          .doc("The sum of quantized tensors, requantized once.");

  /** The definition. */
  public QLinearAdd() {
    super(SCHEMA, new QAdd());
  }
}
