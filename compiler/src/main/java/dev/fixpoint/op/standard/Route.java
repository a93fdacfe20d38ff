package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import java.util.ArrayList;
import java.util.List;

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

  /** The range of the output. */
  Range apply(Range range) {
    if (spread instanceof Spread.Uniform) {
      return range.uniform();
    }
    List<Interval> intervals = new ArrayList<>(entries.length);
    for (int entry : entries) {
      intervals.add(range.intervals().get(entry));
    }
    return switch (spread) {
      case Spread.Along along -> Range.perChannel(along.axis(), intervals);
      case Spread.Elements _ -> Range.perElement(intervals);
      case Spread.Uniform _ -> range.uniform();
    };
  }

  /** The error bound of the output. */
  ErrorBound apply(ErrorBound error) {
    if (spread instanceof Spread.Uniform) {
      return error.uniform();
    }
    double[] allowances = error.allowances();
    double[] moved = new double[entries.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = allowances[entries[i]];
    }
    return ErrorBound.of(spread, moved);
  }
}
