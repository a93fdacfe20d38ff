package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator whose outputs follow from shapes, attributes and index inputs alone, exactly: no
 * element of a float input moves them.
 */
interface ShapeFunction extends OpDefinition {
  /** The range of every output. */
  Interval image(OpCall call);

  @Override
  default List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(call.outputCount(), Range.of(image(call)));
  }

  @Override
  default List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return Transfers.each(call.outputCount(), ErrorBound.EXACT);
  }

  @Override
  default List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(call.outputCount(), ErrorBound.EXACT);
  }

  @Override
  default List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(outputs.size(), ErrorBound.EXACT);
  }
}
