package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.WeightedSum;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operator whose results are sums of products: it says which, and the sums do the rest. */
abstract class SumsOfProducts implements OpDefinition {
  private final OpSchema schema;
  private final LinearOperator sums;

  SumsOfProducts(OpSchema schema, LinearOperator sums) {
    this.schema = schema;
    this.sums = sums;
  }

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    return sums.inferTypes(call);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return sums.evaluate(call);
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return sums.rangeTransfer(call, ranges);
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return sums.errorTransfer(call, ranges, errors);
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return sums.localError(call, ranges);
  }

  @Override
  public final WeightedSum weightedSum(OpCall call) {
    return sums.weightedSum(call);
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return sums.machineError(call, outputs);
  }
}
