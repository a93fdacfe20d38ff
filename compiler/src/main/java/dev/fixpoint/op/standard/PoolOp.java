package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operator that makes one number of each window. A definition has the schema and function. */
abstract class PoolOp implements OpDefinition {
  private final OpSchema schema;

  PoolOp(OpSchema schema) {
    this.schema = schema;
  }

  /** The function that the attributes ask for. */
  abstract PoolFunction function(OpCall call);

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0).withShape(function(call).windows().shape(call)));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    return function(call).evaluate(call);
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return function(call).rangeTransfer(call, ranges);
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return function(call).errorTransfer(call, ranges, errors);
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return function(call).localError(call, ranges);
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return function(call).machineError(call, outputs);
  }
}
