package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Intervals and errors of a parameter, at the slots of the result that it broadcasts to. */
final class Slots {
  private final Range range;
  private final ErrorBound error;
  private final int[] index;

  private Slots(Range range, ErrorBound error, int... index) {
    this.range = range;
    this.error = error;
    this.index = index;
  }

  /** A parameter, or a constant in place of an absent one. */
  static Slots of(
      NormalizationOp op,
      OpCall call,
      int parameter,
      List<@Nullable Range> ranges,
      List<ErrorBound> errors,
      Spread slots,
      Shape x,
      double absent) {
    if (!op.hasParameter(call, parameter)) {
      return new Slots(Range.of(Interval.point(absent)), ErrorBound.EXACT);
    }
    boolean isVector =
        call.type(parameter).shape().isRanked() && call.type(parameter).shape().rank() <= 1;
    Range given = Ranges.at(ranges, parameter);
    Range range = isVector || !(given.spread() instanceof Spread.Along) ? given : given.uniform();
    ErrorBound moved = errors.isEmpty() ? ErrorBound.EXACT : errors.get(parameter);
    ErrorBound error =
        isVector || !(moved.spread() instanceof Spread.Along) ? moved : moved.uniform();
    Shape own = op.aligned(call, parameter);
    return switch (slots) {
      case Spread.Elements _ when own.isStatic() && x.isStatic() ->
          new Slots(range, error, Broadcasting.offsets(own, x));
      case Spread.Along along when own.isStatic() && own.elementCount() == along.count() -> {
        int[] index = new int[along.count()];
        Arrays.setAll(index, i -> i);
        yield new Slots(range, error, index);
      }
      case Spread.Elements _, Spread.Along _, Spread.Uniform _ ->
          new Slots(range.uniform(), error.uniform());
    };
  }

  Interval interval(int slot) {
    List<Interval> intervals = range.intervals();
    return intervals.size() == 1 || index.length == 0
        ? range.hull()
        : intervals.get(index[slot] % intervals.size());
  }

  double error(int slot) {
    double[] allowances = error.allowances();
    return allowances.length == 1 || index.length == 0
        ? error.max()
        : allowances[index[slot] % allowances.length];
  }
}
