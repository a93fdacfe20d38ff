package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;

/** The largest tap of each window; minus infinity or the least integer where a window is empty. */
final class LargestPool {
  private final PoolWindows windows;

  LargestPool(PoolWindows windows) {
    this.windows = windows;
  }

  private static double largest(double[] x, int plane, int[] taps, int count, int padded) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, x[plane + taps[i]]);
    }
    return largest;
  }

  Tensor evaluate(OpDefinition op, OpCall call) {
    Tensor x = call.tensor(0);
    double[] y = windows.reduce(call, x.toDoubles(), LargestPool::largest);
    return PoolBounds.store(op, x.elementType(), windows.shape(call), y);
  }

  Range range(OpCall call, Range x) {
    ElementType type = call.type(0).elementType();
    double floor = type.isInteger() ? Transfers.all(type).low() : Double.NEGATIVE_INFINITY;
    boolean mayBeEmpty = windows.mayBeEmpty(call);
    PoolWindows.Reduction largest =
        (values, plane, taps, count, padded) ->
            Math.max(floor, largest(values, plane, taps, count, padded));
    return new PoolBounds(windows, call)
        .range(
            x,
            largest,
            largest,
            interval -> mayBeEmpty ? interval.join(Interval.point(floor)) : interval);
  }

  ErrorBound error(OpCall call, ErrorBound error) {
    return new PoolBounds(windows, call)
        .error(
            error,
            (values, plane, taps, count, padded) ->
                Math.max(0, largest(values, plane, taps, count, padded)));
  }
}
