package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mean of each window: sum in double, one division, one rounding. 0 where a window is empty.
 */
final class MeanPool implements PoolFunction {
  private static final double DOUBLE_ROUNDOFF = 0x1p-53;

  private final PoolWindows windows;
  private final boolean countsPads;

  MeanPool(PoolWindows windows, boolean countsPads) {
    this.windows = windows;
    this.countsPads = countsPads;
  }

  @Override
  public PoolWindows windows() {
    return windows;
  }

  private double mean(double[] x, int plane, int[] taps, int count, int padded) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += x[plane + taps[i]];
    }
    return count == 0 ? 0 : sum / (countsPads ? padded : count);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    double[] y = windows.reduce(call, x.toDoubles(), this::mean);
    return List.of(Tensor.ofDoubles(x.elementType(), windows.shape(call), y));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(range(call, ranges));
  }

  private Range range(OpCall call, List<@Nullable Range> ranges) {
    Range x = Ranges.at(ranges, 0);
    boolean holdsZero = countsPads || windows.mayBeEmpty(call);
    double slack = slack(call, x.magnitude());
    ElementType type = call.type(0).elementType();
    return new PoolBounds(windows, call)
        .range(
            x,
            this::mean,
            this::mean,
            interval -> holdsZero ? interval.join(Interval.ZERO) : interval)
        .map(interval -> Transfers.stored(type, interval.widened(slack)));
  }

  /** What a mean in double may be off: {@code γ_n} of the largest magnitude. */
  private double slack(OpCall call, double magnitude) {
    double roundoff = 2 * (terms(call) + 4) * DOUBLE_ROUNDOFF;
    return Outward.addUp(Outward.multiplyUp(roundoff, magnitude), Double.MIN_VALUE);
  }

  /** An upper bound of the number of taps of a window. */
  private double terms(OpCall call) {
    return windows.mostTaps(call);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound error = errors.getFirst();
    if (error instanceof ErrorBound.Exact) {
      return List.of(error);
    }
    ErrorBound moved = new PoolBounds(windows, call).error(error, this::mean);
    ErrorBound slack = ErrorBound.uniform(4 * slack(call, Ranges.at(ranges, 0).magnitude()));
    Range range = range(call, ranges);
    ErrorBound rounding = Transfers.rounding(call.type(0).elementType(), range).scaledBy(2);
    return List.of(
        moved.scaledBy(1 + 4 * (terms(call) + 4) * DOUBLE_ROUNDOFF).plus(slack).plus(rounding));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    ErrorBound slack = ErrorBound.uniform(slack(call, Ranges.at(ranges, 0).magnitude()));
    ErrorBound rounding = Transfers.rounding(call.type(0).elementType(), range(call, ranges));
    return List.of(rounding.plus(slack));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    Tensor x = call.tensor(0);
    ElementType type = x.elementType();
    double[] magnitudes = x.toDoubles();
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] = Math.abs(magnitudes[i]);
    }
    double[] means = windows.reduce(call, magnitudes, this::mean);
    double terms = terms(call) + 4;
    double u = Transfers.unitRoundoff(type);
    double relative = terms * u < 1 ? terms * u / (1 - terms * u) : Double.POSITIVE_INFINITY;
    double[] errors = new double[means.length];
    for (int i = 0; i < errors.length; i++) {
      double sum = relative * means[i] + slack(call, means[i]) + terms * Transfers.smallest(type);
      double rounding = Transfers.halfUlp(type, Math.abs(outputs.getFirst().doubleAt(i)));
      errors[i] = Outward.addUp(sum, rounding);
    }
    return List.of(ErrorBound.perElement(errors));
  }
}
