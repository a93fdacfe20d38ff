package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MatMul of ONNX (opset 13): the product of stacks of matrices as NumPy's {@code matmul} makes it.
 */
public final class MatMul implements OpDefinition {
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

  private static final LinearOperator SUMS = LinearOperator.plain(new MatMulPart());

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return SUMS.inferTypes(call);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor a = call.tensor(0);
    if (!a.elementType().isInteger()) {
      return SUMS.evaluate(call);
    }
    Shape shape = inferTypes(call).getFirst().shape();
    return List.of(IntegerMatrices.product(a, call.tensor(1), shape));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return SUMS.rangeTransfer(call, ranges);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return SUMS.errorTransfer(call, ranges, errors);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return SUMS.localError(call, ranges);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return SUMS.machineError(call, outputs);
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return MatMulPart.multiplyAccumulates(call);
  }
}
