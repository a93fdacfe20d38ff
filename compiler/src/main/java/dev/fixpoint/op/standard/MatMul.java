package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Set;

/**
 * MatMul of ONNX (opset 13): the product of stacks of matrices as NumPy's {@code matmul} makes it.
 */
public final class MatMul extends SumsOfProducts {
  private static final Set<ElementType> TYPES =
      Types.union(
          Types.FLOATS,
          Set.of(ElementType.INT32, ElementType.INT64, ElementType.UINT32, ElementType.UINT64));

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("MatMul")
          .versions(1, 9, 13)
          .input("A", TYPES)
          .input("B", TYPES)
          .output("Y", TYPES)
          .doc("Product of stacks of matrices whose leading dimensions broadcast.");

  MatMul() {
    super(SCHEMA, LinearOperator.plain(new MatMulPart()));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor a = call.tensor(0);
    if (!a.elementType().isInteger()) {
      return super.evaluate(call);
    }
    Shape shape = inferTypes(call).getFirst().shape();
    return List.of(IntegerMatrices.product(a, call.tensor(1), shape));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return MatMulPart.multiplyAccumulates(call);
  }
}
