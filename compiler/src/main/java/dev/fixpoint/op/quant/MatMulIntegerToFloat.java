package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/**
 * ONNX Runtime MatMulIntegerToFloat: MatMulInteger, times both scales, plus a float bias. The right
 * side may have a scale for each column.
 */
public final class MatMulIntegerToFloat extends FloatResult {
  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.microsoft("MatMulIntegerToFloat"))
          .versions(1)
          .input("A", Types.BYTES)
          .input("B", Types.BYTES)
          .input("a_scale", QuantTypes.FLOAT)
          .input("b_scale", QuantTypes.FLOAT)
          .optionalInput("a_zero_point", Types.BYTES)
          .optionalInput("b_zero_point", Types.BYTES)
          .optionalInput("bias", QuantTypes.FLOAT)
          .output("Y", QuantTypes.FLOAT)
          .doc("Integer matrix product, scaled to float, plus bias.");

  /** The definition. */
  public MatMulIntegerToFloat() {
    super(SCHEMA);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(
        new TensorType(
            ElementType.FLOAT, BatchedProduct.infer(call.type(0).shape(), call.type(1).shape())));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return List.of(
        DequantizedProduct.of(
            call,
            BatchedProduct.of(call.tensor(0).shape(), call.tensor(1).shape()),
            IntegerOperands.left(call, 0, 4),
            IntegerOperands.right(call, 1, 5),
            Quantized.single(call.tensor(2).toFloats()),
            call.tensor(3).toFloats(),
            6));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return inferTypes(call).getFirst().shape().elementCount() * call.type(0).shape().size(-1);
  }
}
