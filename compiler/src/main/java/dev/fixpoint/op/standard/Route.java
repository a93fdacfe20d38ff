package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How numbers that spread over a tensor reach a tensor made of its elements: each entry of the
 * output is an entry of the input, or all are lumped together.
 *
 * @param spread how the entries spread over the output; uniform where they are lumped together
 * @param entries the input's entry for each of the output's
 */
public record Route(Spread spread, int... entries) {
  /** All entries lumped together. */
  public static final Route LUMPED = new Route(Spread.UNIFORM, 0);

  /** Keeps a copy, and refuses a count that the spread does not ask for. */
  public Route {
    entries = entries.clone();
    if (entries.length != spread.count()) {
      throw new IllegalArgumentException(
          spread + " takes " + spread.count() + " entries, not " + entries.length);
    }
  }

  @Override
  public int[] entries() {
    return entries.clone();
  }

  /** The entries of an axis, unchanged and in order, along an axis of the output. */
  public static Route along(int axis, int count) {
    return along(axis, Elements.steps(count, 1));
  }

  /** Entries of an axis along an axis of the output. */
  public static Route along(int axis, int[] entries) {
    return new Route(new Spread.Along(axis, entries.length), entries);
  }

  /** An element of the input for each element of the output. */
  static Route elements(int[] positions) {
    return new Route(new Spread.Elements(positions.length), positions);
  }

  /** The range of the output, where fillers have a range of their own or do not occur (null). */
  Range apply(Range range, @Nullable Interval filler) {
    List<Interval> intervals = new ArrayList<>(entries.length);
    for (int entry : entries) {
      intervals.add(entry == Elements.FILLER ? Interval.ZERO : range.intervals().get(entry));
    }
    return switch (spread) {
      case Spread.Uniform _ -> filled(range.uniform(), filler);
      case Spread.Along along -> filled(Range.perChannel(along.axis(), intervals), filler);
      case Spread.Elements _ -> Range.perElement(withFiller(intervals, filler));
    };
  }

  private static Range filled(Range range, @Nullable Interval filler) {
    return filler == null ? range : range.join(Range.of(filler));
  }

  private List<Interval> withFiller(List<Interval> intervals, @Nullable Interval filler) {
    for (int i = 0; i < entries.length && filler != null; i++) {
      if (entries[i] == Elements.FILLER) {
        intervals.set(i, filler);
      }
    }
    return intervals;
  }

  /** The error bound of the output, where fillers have one of their own. */
  ErrorBound apply(ErrorBound error, double filler) {
    double[] allowances = error.allowances();
    double[] moved = new double[entries.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = entries[i] == Elements.FILLER ? filler : allowances[entries[i]];
    }
    return switch (spread) {
      case Spread.Uniform _ -> error.uniform().join(ErrorBound.uniform(filler));
      case Spread.Along _ -> ErrorBound.of(spread, moved).join(ErrorBound.uniform(filler));
      case Spread.Elements _ -> ErrorBound.of(spread, moved);
    };
  }
}
