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

/** An operator that writes updates into data. A definition says the schema and the positions. */
abstract class ScatterOp implements OpDefinition {
  private final OpSchema schema;

  ScatterOp(OpSchema schema) {
    this.schema = schema;
  }

  /** Where in the data each element of the updates goes. */
  abstract int[] positions(OpCall call);

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    return List.of(
        Scattering.scatter(
            call.tensor(0), call.tensor(2), positions(call), call.get(Scattering.REDUCTION)));
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Scattering.range(call, ranges));
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(Scattering.error(call, ranges, errors));
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Scattering.rounding(call, ranges));
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    String reduction = call.get(Scattering.REDUCTION);
    return List.of(
        reduction.equals("add") || reduction.equals("mul")
            ? ErrorBound.unbounded("no rounding bound is stated for sums of updates")
            : ErrorBound.EXACT);
  }
}
