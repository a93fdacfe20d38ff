package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator of ONNX Runtime on quantized weights with float output, of which types and meaning
 * are defined here and no bounds beyond equality.
 */
abstract class FloatResult implements OpDefinition {
  private final OpSchema schema;

  FloatResult(OpSchema schema) {
    this.schema = schema;
  }

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Range.ALL);
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    boolean exact = errors.stream().allMatch(error -> error instanceof ErrorBound.Exact);
    return List.of(exact ? ErrorBound.EXACT : ErrorBound.unbounded(noBound()));
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ErrorBound.unbounded(noBound()));
  }

  private String noBound() {
    return "no error bound is stated for " + id();
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }
}
