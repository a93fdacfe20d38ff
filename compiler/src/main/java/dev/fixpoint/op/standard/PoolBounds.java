package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** How ranges and errors pass through pooling: by plane, or window by window. */
final class PoolBounds {
  private final PoolWindows windows;
  private final OpCall call;

  PoolBounds(PoolWindows windows, OpCall call) {
    this.windows = windows;
    this.call = call;
  }

  /**
   * The range of the results.
   *
   * @param low the reduction of lower bounds
   * @param high the reduction of upper bounds
   * @param alike the image of one interval, where all taps of a window have the same
   */
  Range range(
      Range x,
      PoolWindows.Reduction low,
      PoolWindows.Reduction high,
      UnaryOperator<Interval> alike) {
    if (isByPlane(x.spread())) {
      return x.map(alike);
    }
    if (!isByElement(x.spread())) {
      return x.uniform().map(alike);
    }
    List<Interval> intervals = x.intervals();
    double[] lows = intervals.stream().mapToDouble(Interval::low).toArray();
    double[] highs = intervals.stream().mapToDouble(Interval::high).toArray();
    double[] lowest = windows.reduce(call, lows, low);
    double[] highest = windows.reduce(call, highs, high);
    List<Interval> results = new ArrayList<>(lowest.length);
    for (int i = 0; i < lowest.length; i++) {
      results.add(
          Double.isNaN(lowest[i]) || Double.isNaN(highest[i])
              ? Interval.ALL
              : new Interval(lowest[i], highest[i]));
    }
    return Range.perElement(results);
  }

  /** The error of the results, where the reduction of errors bounds it. */
  ErrorBound error(ErrorBound error, PoolWindows.Reduction reduction) {
    if (!error.isBounded() || isByPlane(error.spread())) {
      return error;
    }
    if (!isByElement(error.spread())) {
      return error.uniform();
    }
    return ErrorBound.perElement(windows.reduce(call, error.allowances(), reduction));
  }

  private static boolean isByPlane(Spread spread) {
    return switch (spread) {
      case Spread.Uniform _ -> true;
      case Spread.Along along -> along.axis() <= 1;
      case Spread.Elements _ -> false;
    };
  }

  private boolean isByElement(Spread spread) {
    return spread instanceof Spread.Elements && call.type(0).shape().isStatic();
  }

  /** A tensor of numbers that an integer type holds exactly, or that a float type rounds. */
  static Tensor store(OpDefinition op, ElementType type, Shape shape, double[] values) {
    if (type.isFloat()) {
      return Tensor.ofDoubles(type, shape, values);
    }
    if (!type.isInteger()) {
      throw new IllegalArgumentException(op.id() + " is not defined on " + type.text());
    }
    long[] integers = new long[values.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = Math.clamp((long) values[i], type.minInteger(), type.maxInteger());
    }
    return Tensor.ofLongs(type, shape, integers);
  }
}
