package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Marks where a value leaves an integer region and is float again: the identity. */
public final class DeQuantStub implements OpDefinition {
  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("DeQuantStub"))
          .versions(1)
          .input("x", Types.FLOATS)
          .output("y", Types.FLOATS)
          .doc("The identity, where integer values will be float again.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return List.of(call.tensor(0));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(LinearCall.range(ranges));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(errors.get(0));
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
  public Expansion expansion(OpCall call) {
    Expansion.Builder build = Expansion.builder();
    build.call(
        OpId.of("Identity"), Attributes.NONE, List.of(Expansion.input(0)), Expansion.output(0));
    return build.build();
  }
}
