package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/**
 * ONNX Runtime DynamicQuantizeMatMul: the left side is quantized as {@link DynamicQuantizeLinear}
 * does, then multiplied as integers, times both scales, plus a float bias.
 */
public final class DynamicQuantizeMatMul extends FloatResult {
  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.microsoft("DynamicQuantizeMatMul"))
          .versions(1)
          .input("A", QuantTypes.FLOAT)
          .input("B", Types.BYTES)
          .input("b_scale", QuantTypes.FLOAT)
          .optionalInput("b_zero_point", Types.BYTES)
          .optionalInput("bias", QuantTypes.FLOAT)
          .output("Y", QuantTypes.FLOAT)
          .doc("Matrix product with a left side that is quantized by its own range.");

  /** The definition. */
  public DynamicQuantizeMatMul() {
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
    Tensor a = call.tensor(0);
    QuantParams params = DynamicQuantizeLinear.parameters(a);
    Quantized left = new Quantized(params.quantize(a), params.scales(), params.zeroPoints());
    return List.of(
        DequantizedProduct.of(
            call,
            BatchedProduct.of(a.shape(), call.tensor(1).shape()),
            left.centred(),
            IntegerOperands.right(call, 1, 3),
            left.scale(),
            call.tensor(2).toFloats(),
            4));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return inferTypes(call).getFirst().shape().elementCount() * call.type(0).shape().size(-1);
  }
}
