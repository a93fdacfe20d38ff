package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * ONNX Runtime QLinearConcat: quantized tensors put together along an axis. {@link QConcat} says
 * how they are requantized.
 */
public final class QLinearConcat extends RearrangedOp {
  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.microsoft("QLinearConcat"))
          .versions(1)
          .input("Y_scale", QuantTypes.FLOAT)
          .input("Y_zero_point", QuantTypes.INTEGERS)
          .variadicInput("inputs", Types.union(QuantTypes.INTEGERS, QuantTypes.FLOAT))
          .output("Y", QuantTypes.INTEGERS)
          .attributes(QConcat.AXIS)
          .doc("Quantized tensors along an axis, under the parameters of the output.");

  /** The definition. */
  public QLinearConcat() {
    super(SCHEMA, new QConcat());
  }
}
