package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX MatMulInteger (opset 10): the exact int32 product of 8-bit tensors less their zero points.
 * Zero points may differ by row of the left and by column of the right side.
 */
public final class MatMulInteger implements OpDefinition {
  private static final OpSchema SCHEMA =
      OpSchema.of("MatMulInteger")
          .versions(10)
          .input("A", Types.BYTES)
          .input("B", Types.BYTES)
          .optionalInput("a_zero_point", Types.BYTES)
          .optionalInput("b_zero_point", Types.BYTES)
          .output("Y", QuantTypes.INT32)
          .doc("Exact product of integer matrices less their zero points.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(
        new TensorType(
            ElementType.INT32, BatchedProduct.infer(call.type(0).shape(), call.type(1).shape())));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    BatchedProduct product = BatchedProduct.of(call.tensor(0).shape(), call.tensor(1).shape());
    IntegerOutput output = new IntegerOutput(ElementType.INT32, product.output());
    product.forEachRow(
        IntegerOperands.left(call, 0, 2),
        IntegerOperands.right(call, 1, 3),
        null,
        (offset, row) -> {
          for (int i = 0; i < row.length; i++) {
            output.set(offset + i, row[i]);
          }
        });
    return List.of(output.tensor());
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    AccumulatorBounds bounds = bounds(call, ranges);
    Interval all = StepTransfers.all(ElementType.INT32);
    return List.of(
        Range.of(bounds == null ? all : bounds.sums().getFirst().clamped(all.low(), all.high())));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    AccumulatorBounds bounds = bounds(call, ranges);
    ErrorBound parameters = StepTransfers.parameters(errors, 2, 3);
    ErrorBound all = errors.get(0).uniform().join(errors.get(1).uniform());
    if (bounds == null || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    return List.of(
        all instanceof ErrorBound.Exact || !all.isBounded()
            ? all
            : ErrorBound.uniform(bounds.moved(0, errors.get(0).max(), errors.get(1).max())));
  }

  /** What is known of the sums; null where the depth is not. */
  private static @Nullable AccumulatorBounds bounds(OpCall call, List<@Nullable Range> ranges) {
    Shape a = call.type(0).shape();
    if (!a.isRanked() || a.rank() == 0 || !(a.dimension(-1) instanceof Dimension.Fixed depth)) {
      return null;
    }
    return AccumulatorBounds.of(
        centred(call, ranges, 1),
        Math.toIntExact(depth.size()),
        centred(call, ranges, 0),
        Interval.ZERO);
  }

  private static Interval centred(OpCall call, List<@Nullable Range> ranges, int operand) {
    ElementType type = call.type(operand).elementType();
    Interval integers = StepTransfers.integers(ranges.get(operand), type);
    Interval zero = call.hasInput(operand + 2) ? StepTransfers.all(type) : Interval.ZERO;
    Tensor known = call.constant(operand + 2);
    if (known != null) {
      zero = Range.ofTensor(known).hull();
    }
    return integers.minus(zero);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return inferTypes(call).getFirst().shape().elementCount() * call.type(0).shape().size(-1);
  }
}
