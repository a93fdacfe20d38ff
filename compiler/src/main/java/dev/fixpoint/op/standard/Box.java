package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Intervals as arrays of centres and radii, one for each slot of a spread. A bilinear function of
 * two boxes lies within {@code f(c, d) ± (f(r, |d|) + f(|c| + r, s))} for centres c, d and radii r,
 * s (S. M. Rump, "Fast and parallel interval arithmetic", BIT 39, 1999).
 *
 * @param center centres
 * @param radius radii, not negative
 */
record Box(double[] center, double[] radius) {
  /** The point box of a tensor's elements. */
  static Box ofTensor(Tensor tensor) {
    double[] values = tensor.toDoubles();
    return new Box(values, new double[values.length]);
  }

  /** The box that holds a range, with the slots of another spread over the same tensor. */
  static Box of(Range range, Shape shape, Spread target) {
    List<Interval> intervals = range.intervals();
    double[] low = intervals.stream().mapToDouble(Interval::low).toArray();
    double[] high = intervals.stream().mapToDouble(Interval::high).toArray();
    double[] negatedLow = largest(negated(low), range.spread(), shape, target);
    double[] largestHigh = largest(high, range.spread(), shape, target);
    return between(negated(negatedLow), largestHigh);
  }

  /** The box of numbers at most as large as the given ones. */
  static Box symmetric(double[] magnitudes) {
    return new Box(new double[magnitudes.length], magnitudes);
  }

  private static Box between(double[] low, double[] high) {
    double[] center = new double[low.length];
    double[] radius = new double[low.length];
    for (int i = 0; i < low.length; i++) {
      center[i] = low[i] == high[i] ? low[i] : low[i] / 2 + high[i] / 2;
      radius[i] =
          low[i] == high[i]
              ? 0
              : Math.max(Outward.addUp(high[i], -center[i]), Outward.addUp(center[i], -low[i]));
    }
    return new Box(center, radius);
  }

  /** An error bound with the slots of another spread over the same tensor. */
  static double[] errors(ErrorBound bound, Shape shape, Spread target) {
    return largest(bound.allowances(), bound.spread(), shape, target);
  }

  /** The largest of the values that fall into each slot of another spread. */
  private static double[] largest(double[] values, Spread from, Shape shape, Spread target) {
    if (from.equals(target)) {
      return values;
    }
    double[] result = new double[target.count()];
    if (values.length > 1 && shape.isStatic()) {
      Arrays.fill(result, Double.NEGATIVE_INFINITY);
      SlotCursor source = SlotCursor.of(from, shape);
      SlotCursor sink = SlotCursor.of(target, shape);
      int step = Math.min(source.run, sink.run);
      long count = shape.elementCount();
      for (long i = 0; i < count; i += step) {
        result[sink.slot] = Math.max(result[sink.slot], values[source.slot]);
        source.advance(step);
        sink.advance(step);
      }
      return result;
    }
    Arrays.fill(result, Arrays.stream(values).max().orElse(0));
    return result;
  }

  /** The slot of each element in turn, without a division for each. */
  private static final class SlotCursor {
    private final int run;
    private final int count;
    private int left;
    private int slot;

    private SlotCursor(int run, int count) {
      this.run = run;
      this.count = count;
      this.left = run;
    }

    /** At the first element; {@code run} neighbouring elements share a slot. */
    static SlotCursor of(Spread spread, Shape shape) {
      return switch (spread) {
        case Spread.Uniform _ -> new SlotCursor(Integer.MAX_VALUE, 1);
        case Spread.Elements elements -> new SlotCursor(1, elements.count());
        case Spread.Along along -> {
          int run = 1;
          for (int i = along.axis() + 1; i < shape.rank(); i++) {
            run = Math.multiplyExact(run, shape.intSize(i));
          }
          yield new SlotCursor(Math.max(1, run), along.count());
        }
      };
    }

    /** Moves on by so many elements, at most a run. */
    void advance(int step) {
      left -= step;
      if (left == 0) {
        left = run;
        slot = slot + 1 == count ? 0 : slot + 1;
      }
    }
  }

  /** The largest magnitude in each slot. */
  double[] magnitude() {
    double[] magnitude = new double[center.length];
    for (int i = 0; i < magnitude.length; i++) {
      double size = Math.abs(center[i]);
      magnitude[i] = radius[i] == 0 ? size : Outward.addUp(size, radius[i]);
    }
    return magnitude;
  }

  /** This box times a number. */
  Box scaledBy(double factor) {
    if (factor == 1) {
      return this;
    }
    double[] scaledCenter = center.clone();
    double[] scaledRadius = radius.clone();
    for (int i = 0; i < center.length; i++) {
      scaledCenter[i] *= factor;
      scaledRadius[i] *= Math.abs(factor);
    }
    return new Box(scaledCenter, scaledRadius);
  }

  /** The box that also holds zero in every slot. */
  Box withZero() {
    double[] low = new double[center.length];
    double[] high = new double[center.length];
    for (int i = 0; i < center.length; i++) {
      low[i] = Math.min(0, Outward.addDown(center[i], -radius[i]));
      high[i] = Math.max(0, Outward.addUp(center[i], radius[i]));
    }
    return between(low, high);
  }

  /** The interval of a slot. */
  Interval interval(int slot) {
    return Interval.point(center[slot]).widened(radius[slot]);
  }

  /** Whether every slot has finite bounds. */
  boolean isBounded() {
    for (int i = 0; i < center.length; i++) {
      if (!(Math.abs(center[i]) + radius[i] <= Double.MAX_VALUE)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every slot holds a single number. */
  boolean isPoint() {
    return Arrays.stream(radius).allMatch(r -> r == 0);
  }

  private static double[] negated(double[] values) {
    return Arrays.stream(values).map(v -> -v).toArray();
  }
}
