package dev.fixpoint.op;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator without a definition: it is kept and written back as it was read, and everything else
 * is unknown. It cannot be evaluated.
 */
public final class OpaqueOp implements OpDefinition {
  private final OpSchema schema;

  /** The stand-in for an operator of the given identity. */
  public OpaqueOp(OpId id) {
    this.schema =
        OpSchema.of(id)
            .variadicInput("inputs", OpSchema.Types.ALL)
            .variadicOutput("outputs", OpSchema.Types.ALL)
            .doc("An operator without a definition.");
  }

  @Override
  public OpSchema schema() {
    return schema;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return Transfers.each(call.outputCount(), TensorType.UNKNOWN);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    throw new UnsupportedOperationException(
        "operator " + id() + " has no definition here; register one, or run the model elsewhere");
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(call.outputCount(), Range.ALL);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return localError(call, ranges);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(
        call.outputCount(), ErrorBound.unbounded("operator " + id() + " has no definition"));
  }
}
