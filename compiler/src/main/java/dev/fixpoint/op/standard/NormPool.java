package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The p-norm of each window, {@code (Σ|x|^p)^(1/p)}. By Minkowski's inequality it moves by no more
 * than the p-norm of the errors.
 */
final class NormPool implements PoolFunction {
  /** Relative distance that covers powers and sums of windows in double. */
  private static final double SLACK = 0x1p-40;

  private final PoolWindows windows;
  private final long p;

  NormPool(PoolWindows windows, long p) {
    if (p < 1) {
      throw new IllegalArgumentException("attribute 'p' should be at least 1, but is " + p);
    }
    this.windows = windows;
    this.p = p;
  }

  @Override
  public PoolWindows windows() {
    return windows;
  }

  private double norm(double[] x, int plane, int[] taps, int count, int padded) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double value = Math.abs(x[plane + taps[i]]);
      sum += p == 1 ? value : p == 2 ? value * value : Math.pow(value, (double) p);
    }
    return root(sum);
  }

  private double root(double sum) {
    return p == 1 ? sum : p == 2 ? Math.sqrt(sum) : Math.pow(sum, 1.0 / p);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    double[] y = windows.reduce(call, x.toDoubles(), this::norm);
    return List.of(Tensor.ofDoubles(x.elementType(), windows.shape(call), y));
  }

  /** The norm of a full window of ones. */
  private double full(OpCall call) {
    return root(windows.mostTaps(call));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = call.type(0).elementType();
    double full = full(call);
    Range magnitudes = Ranges.at(ranges, 0).map(x -> new Interval(least(x), x.magnitude()));
    return List.of(
        new PoolBounds(windows, call)
            .range(
                magnitudes,
                this::norm,
                this::norm,
                x -> new Interval(0, x.high() == 0 ? 0 : x.high() * full))
            .map(x -> stored(type, x)));
  }

  private static double least(Interval x) {
    return x.contains(0) ? 0 : Math.min(Math.abs(x.low()), Math.abs(x.high()));
  }

  private static Interval stored(ElementType type, Interval x) {
    Interval wide = new Interval(x.low() * (1 - SLACK), x.high() * (1 + SLACK));
    return Transfers.stored(type, wide);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound error = errors.getFirst();
    if (error instanceof ErrorBound.Exact || error instanceof ErrorBound.Unbounded) {
      return List.of(error);
    }
    ErrorBound moved = new PoolBounds(windows, call).error(error.scaledBy(1 + SLACK), this::norm);
    boolean byElement = moved instanceof ErrorBound.PerElement;
    ErrorBound scaled = byElement ? moved : moved.scaledBy(full(call));
    return List.of(scaled.plus(localError(call, ranges).getFirst().scaledBy(2)));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    Range range = rangeTransfer(call, ranges).getFirst();
    ErrorBound rounding = Transfers.rounding(call.type(0).elementType(), range);
    return List.of(rounding.plus(ErrorBound.uniform(SLACK * range.magnitude())));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    ElementType type = call.type(0).elementType();
    double u = Transfers.unitRoundoff(type);
    // Powers and the root are library functions of a few ulps each; the root divides by p.
    double product = (windows.mostTaps(call) + 16 + 16.0 * p) * u;
    double relative = product < 1 ? product / (1 - product) : Double.POSITIVE_INFINITY;
    double[] y = outputs.getFirst().toDoubles();
    double tiny = Math.sqrt(windows.mostTaps(call) * Transfers.smallest(type));
    for (int i = 0; i < y.length; i++) {
      y[i] = relative * Math.abs(y[i]) + tiny + Transfers.halfUlp(type, Math.abs(y[i]));
    }
    return List.of(ErrorBound.perElement(y));
  }
}
