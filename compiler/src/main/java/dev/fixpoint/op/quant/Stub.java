package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A mark at the border of an integer region: the identity. */
abstract class Stub implements OpDefinition {
  private final OpSchema schema;

  Stub(OpSchema schema) {
    this.schema = schema;
  }

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
    return List.of(call.tensor(0));
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(LinearCall.range(ranges));
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(errors.get(0));
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public final Expansion expansion(OpCall call) {
    Expansion.Builder build = Expansion.builder();
    build.call(
        OpId.of("Identity"), Attributes.NONE, List.of(Expansion.input(0)), Expansion.output(0));
    return build.build();
  }
}
