package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An operator whose outputs, often of a size that depends on the data, jump when its inputs move:
 * the outputs are exact where all inputs are, and unbounded otherwise.
 */
interface Selection extends OpDefinition {
  /** The interval of an output, whatever the inputs are. */
  Interval image(OpCall call, int output);

  @Override
  default List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return IntStream.range(0, call.outputCount()).mapToObj(i -> Range.of(image(call, i))).toList();
  }

  @Override
  default List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    boolean isExact = errors.stream().allMatch(ErrorBound.Exact.class::isInstance);
    return Transfers.each(
        call.outputCount(),
        isExact
            ? ErrorBound.EXACT
            : ErrorBound.unbounded("the outputs of " + id() + " jump when its inputs move"));
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
