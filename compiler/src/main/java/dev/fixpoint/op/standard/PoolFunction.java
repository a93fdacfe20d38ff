package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a pooling operator makes of each window, and what is known of the results. */
interface PoolFunction {
  /** The windows. */
  PoolWindows windows();

  /** As {@link dev.fixpoint.op.OpDefinition#evaluate}. */
  List<Tensor> evaluate(OpCall call);

  /** As {@link dev.fixpoint.op.OpDefinition#rangeTransfer}. */
  List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges);

  /** As {@link dev.fixpoint.op.OpDefinition#errorTransfer}. */
  List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors);

  /** As {@link dev.fixpoint.op.OpDefinition#localError}. */
  List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges);

  /** As {@link dev.fixpoint.op.OpDefinition#machineError}. */
  List<ErrorBound> machineError(OpCall call, List<Tensor> outputs);
}
