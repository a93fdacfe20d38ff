package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Entries;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The groups of a call of a reduction, with intervals and moves of their terms. */
final class Reduction {
  private final Groups groups;
  private final List<Interval> intervals;
  private final ErrorBound error;
  private final double[] moves;

  private Reduction(Groups groups, List<Interval> intervals, ErrorBound error, double[] moves) {
    this.groups = groups;
    this.intervals = intervals;
    this.error = error;
    this.moves = moves;
  }

  /** The groups of a call, with the error of its first input. */
  static Reduction of(
      OpCall call,
      Attribute<Long> noop,
      Attribute<Long> keepDims,
      List<@Nullable Range> ranges,
      ErrorBound error) {
    return of(
        call.type(0).shape(),
        ReducedAxes.of(call, noop),
        call.attributes().isSet(keepDims),
        Ranges.at(ranges, 0),
        error);
  }

  /** The groups of a reduction along given axes, null where they are not known. */
  static Reduction of(
      Shape shape, boolean @Nullable [] reduced, boolean keepDims, Range range, ErrorBound error) {
    boolean known = reduced != null && (shape.isStatic() || !isByElement(range, error));
    Entries entries =
        known
            ? Entries.ofSame(shape, range, error)
            : Entries.ofSame(shape, range.uniform(), error.uniform());
    Groups groups = Groups.of(entries.spread(), shape, reduced, keepDims);
    return new Reduction(groups, entries.intervals(0), error, entries.moves(0));
  }

  private static boolean isByElement(Range range, ErrorBound error) {
    return range.spread() instanceof Spread.Elements || error.spread() instanceof Spread.Elements;
  }

  /** The range of the results. */
  Range range(Function<Group, Interval> image) {
    List<Interval> images = new ArrayList<>();
    for (int i = 0; i < groups.members().length; i++) {
      images.add(image.apply(groups.group(i, intervals, moves)));
    }
    return switch (groups.result()) {
      case Spread.Uniform _ -> Range.of(images.getFirst());
      case Spread.Along along -> Range.perChannel(along.axis(), images);
      case Spread.Elements _ -> Range.perElement(images);
    };
  }

  /** The error of the results: none where no term moves. */
  ErrorBound error(ToDoubleFunction<Group> shift) {
    return error instanceof ErrorBound.Unbounded
        ? error
        : bound(group -> group.largestMove() == 0 ? 0 : shift.applyAsDouble(group));
  }

  /** A bound for each result. */
  ErrorBound bound(ToDoubleFunction<Group> value) {
    double[] values = new double[groups.members().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value.applyAsDouble(groups.group(i, intervals, moves));
    }
    return ErrorBound.of(groups.result(), values);
  }
}
