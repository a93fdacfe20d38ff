package dev.fixpoint.op;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ranges and errors of the inputs of an element-wise operator, side by side for each entry of
 * one spread over its output: the finest to which all inputs can be brought.
 */
public final class Entries {
  /** Most elements for which inputs of different spreads are spelled out one by one. */
  private static final int SPELLED_OUT = 1 << 16;

  private final Spread spread;
  private final List<List<Interval>> ranges;
  private final List<double[]> errors;
  private final ErrorBound.@Nullable Unbounded unbounded;

  private Entries(
      Spread spread,
      List<List<Interval>> ranges,
      List<double[]> errors,
      ErrorBound.@Nullable Unbounded unbounded) {
    this.spread = spread;
    this.ranges = ranges;
    this.errors = errors;
    this.unbounded = unbounded;
  }

  /** How far one entry of the output moves. */
  @FunctionalInterface
  public interface Shift {
    /**
     * The largest move, from above; infinity where there is none.
     *
     * @param ranges interval of each input
     * @param errors largest move of each input; not all of them are 0
     */
    double of(Interval[] ranges, double[] errors);
  }

  /** The entries of the one input whose elements the output's elements come from one by one. */
  public static Entries ofSame(Shape shape, Range range, ErrorBound error) {
    return align(shape, List.of(shape), List.of(range), List.of(error), true);
  }

  /** The entries of inputs that broadcast to the output. */
  public static Entries of(
      Shape output, List<Shape> shapes, List<Range> ranges, List<ErrorBound> errors) {
    return align(output, shapes, ranges, errors, false);
  }

  /** The entries of inputs that broadcast to the output, without errors. */
  public static Entries of(Shape output, List<Shape> shapes, List<Range> ranges) {
    return of(output, shapes, ranges, Collections.nCopies(ranges.size(), ErrorBound.EXACT));
  }

  private static Entries align(
      Shape output, List<Shape> shapes, List<Range> ranges, List<ErrorBound> errors, boolean same) {
    List<Lifted> lifted = new ArrayList<>();
    ErrorBound.Unbounded unbounded = null;
    for (int i = 0; i < ranges.size(); i++) {
      lifted.add(Lifted.of(ranges.get(i).spread(), shapes.get(i), output, same));
      lifted.add(Lifted.of(errors.get(i).spread(), shapes.get(i), output, same));
      if (unbounded == null && errors.get(i) instanceof ErrorBound.Unbounded found) {
        unbounded = found;
      }
    }
    Spread spread = common(lifted, output);
    List<List<Interval>> alignedRanges = new ArrayList<>();
    List<double[]> alignedErrors = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      alignedRanges.add(ranges(ranges.get(i), lifted.get(2 * i), spread, output));
      alignedErrors.add(errors(errors.get(i), lifted.get(2 * i + 1), spread, output));
    }
    return new Entries(spread, alignedRanges, alignedErrors, unbounded);
  }

  /** The spread to which all inputs were brought. */
  public Spread spread() {
    return spread;
  }

  /** The intervals of an input, one for each entry of the spread. */
  public List<Interval> intervals(int input) {
    return Collections.unmodifiableList(ranges.get(input));
  }

  /** The moves of an input, one for each entry of the spread; infinite where unbounded. */
  public double[] moves(int input) {
    return errors.get(input).clone();
  }

  /** The range of the output, from the intervals of all inputs at each entry. */
  public Range range(Function<Interval[], Interval> image) {
    List<Interval> result = new ArrayList<>(spread.count());
    for (int entry = 0; entry < spread.count(); entry++) {
      result.add(image.apply(at(entry)));
    }
    return switch (spread) {
      case Spread.Uniform _ -> Range.of(result.getFirst());
      case Spread.Along along -> Range.perChannel(along.axis(), result);
      case Spread.Elements _ -> Range.perElement(result);
    };
  }

  /**
   * The error of the output, from the intervals and errors of all inputs at each entry. It is exact
   * where they are.
   */
  public ErrorBound error(Shift shift) {
    if (unbounded != null) {
      return unbounded;
    }
    double[] values = new double[spread.count()];
    double[] moves = new double[errors.size()];
    for (int entry = 0; entry < values.length; entry++) {
      boolean moved = false;
      for (int i = 0; i < moves.length; i++) {
        moves[i] = errors.get(i)[entry];
        moved |= moves[i] != 0;
      }
      values[entry] = moved ? shift.of(at(entry), moves) : 0;
    }
    return ErrorBound.of(spread, values);
  }

  private Interval[] at(int entry) {
    Interval[] intervals = new Interval[ranges.size()];
    for (int i = 0; i < intervals.length; i++) {
      intervals[i] = ranges.get(i).get(entry);
    }
    return intervals;
  }

  private static Spread common(List<Lifted> lifted, Shape output) {
    List<Spread> fine =
        lifted.stream().map(Lifted::spread).filter(s -> s.count() != 1).distinct().toList();
    if (fine.isEmpty()) {
      return Spread.UNIFORM;
    }
    if (fine.size() > 1 && output.isStatic() && output.elementCount() <= SPELLED_OUT) {
      return new Spread.Elements((int) output.elementCount());
    }
    return Collections.max(fine, (a, b) -> Integer.compare(a.count(), b.count()));
  }

  private static List<Interval> ranges(Range range, Lifted lifted, Spread target, Shape output) {
    int[] index = lifted.indices(target, output);
    if (index == null) {
      return Collections.nCopies(target.count(), range.hull());
    }
    return Arrays.stream(index).mapToObj(range.intervals()::get).toList();
  }

  private static double[] errors(ErrorBound error, Lifted lifted, Spread target, Shape output) {
    double[] values = error.allowances();
    int[] index = lifted.indices(target, output);
    if (index == null) {
      double[] all = new double[target.count()];
      Arrays.fill(all, error.max());
      return all;
    }
    return Arrays.stream(index).mapToDouble(i -> values[i]).toArray();
  }

  /**
   * A spread over an input seen from the output.
   *
   * @param spread the spread over the output, uniform where there is none
   * @param offsets for a spread over elements, which element of the input each is; null for the
   *     same
   * @param hull whether the entries have to be joined into one
   */
  private record Lifted(Spread spread, int @Nullable [] offsets, boolean hull) {
    private static final Lifted HULL = new Lifted(Spread.UNIFORM, null, true);

    static Lifted of(Spread spread, Shape input, Shape output, boolean same) {
      if (spread.count() == 0) {
        return HULL;
      }
      if (same || spread instanceof Spread.Uniform) {
        return new Lifted(spread, null, false);
      }
      if (spread.count() == 1) {
        return new Lifted(Spread.UNIFORM, null, false);
      }
      if (!input.isRanked() || !output.isRanked()) {
        return HULL;
      }
      int shift = output.rank() - input.rank();
      if (spread instanceof Spread.Along along) {
        return new Lifted(new Spread.Along(along.axis() + shift, along.count()), null, false);
      }
      return ofElements(input, output, shift);
    }

    private static Lifted ofElements(Shape input, Shape output, int shift) {
      if (!input.isStatic()) {
        return HULL;
      }
      if (input.equals(output)) {
        return new Lifted(new Spread.Elements((int) input.elementCount()), null, false);
      }
      for (int axis = 0; axis < input.rank(); axis++) {
        if (input.size(axis) == input.elementCount()) {
          return new Lifted(new Spread.Along(axis + shift, input.intSize(axis)), null, false);
        }
      }
      if (output.isStatic() && output.elementCount() <= SPELLED_OUT) {
        int[] offsets = Broadcasting.offsets(input, output);
        return new Lifted(new Spread.Elements(offsets.length), offsets, false);
      }
      return HULL;
    }

    /** The entry of the input for each entry of the target, or null if they are to be joined. */
    int @Nullable [] indices(Spread target, Shape output) {
      if (hull) {
        return null;
      }
      int[] indices = new int[target.count()];
      if (spread.count() == 1) {
        return indices;
      }
      if (spread.equals(target)) {
        Arrays.setAll(indices, i -> offsets == null ? i : offsets[i]);
        return indices;
      }
      if (target instanceof Spread.Elements && output.isStatic()) {
        Arrays.setAll(indices, i -> spread.indexOf(i, output));
        return indices;
      }
      return null;
    }
  }
}
