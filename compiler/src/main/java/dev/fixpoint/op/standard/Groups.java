package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a spread over a tensor fall together when some of its axes are reduced.
 *
 * @param members the entries of each group, in the order of the reduced elements
 * @param times for how many elements each entry of a group stands
 * @param result how the groups spread over the result
 */
record Groups(int[][] members, Interval times, Spread result) {
  private static final Interval ANY = new Interval(0, Double.POSITIVE_INFINITY);

  /**
   * Gathers entries.
   *
   * @param shape the tensor's shape
   * @param reduced whether each axis is reduced, or null where that is not known; the spread is
   *     then uniform
   * @param keepDims whether reduced axes stay, with size 1
   */
  static Groups of(Spread spread, Shape shape, boolean @Nullable [] reduced, boolean keepDims) {
    return switch (spread) {
      case Spread.Uniform _ -> new Groups(new int[][] {{0}}, times(shape, reduced), spread);
      case Spread.Along along when reduced == null -> throw notUniform(along);
      case Spread.Along along -> along(along, shape, reduced, keepDims);
      case Spread.Elements elements when reduced == null -> throw notUniform(elements);
      case Spread.Elements _ -> elements(shape, reduced);
    };
  }

  private static IllegalArgumentException notUniform(Spread spread) {
    return new IllegalArgumentException(spread + " cannot be reduced along unknown axes");
  }

  private static Groups along(
      Spread.Along along, Shape shape, boolean[] reduced, boolean keepDims) {
    boolean[] others = reduced.clone();
    others[along.axis()] = false;
    Interval times = times(shape, others);
    int[] all = IntStream.range(0, along.count()).toArray();
    if (reduced[along.axis()]) {
      return new Groups(new int[][] {all}, times, Spread.UNIFORM);
    }
    int axis = along.axis();
    for (int i = 0; i < along.axis(); i++) {
      axis -= reduced[i] && !keepDims ? 1 : 0;
    }
    int[][] single = Arrays.stream(all).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
    return new Groups(single, times, new Spread.Along(axis, along.count()));
  }

  private static Groups elements(Shape shape, boolean[] reduced) {
    int[] bases = offsets(shape, reduced, false);
    int[] offsets = offsets(shape, reduced, true);
    int[][] members = new int[bases.length][];
    for (int i = 0; i < bases.length; i++) {
      int base = bases[i];
      members[i] = Arrays.stream(offsets).map(offset -> base + offset).toArray();
    }
    return new Groups(members, Interval.point(1), new Spread.Elements(bases.length));
  }

  /**
   * The flat positions of an iteration over the axes that are reduced, or over those that are not,
   * in row-major order from position 0.
   */
  static int[] offsets(Shape shape, boolean[] reduced, boolean overReduced) {
    int[] sizes = shape.intSizes();
    int[] strides = new int[sizes.length];
    int stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      boolean taken = reduced[axis] == overReduced;
      strides[axis] = taken ? stride : 0;
      stride *= sizes[axis];
      sizes[axis] = taken ? sizes[axis] : 1;
    }
    return Broadcasting.offsets(sizes, strides);
  }

  private static Interval times(Shape shape, boolean @Nullable [] reduced) {
    if (reduced == null) {
      return ANY;
    }
    double count = 1;
    for (int axis = 0; axis < reduced.length; axis++) {
      if (reduced[axis]) {
        if (!shape.dimension(axis).isFixed()) {
          return ANY;
        }
        count *= shape.size(axis);
      }
    }
    return Interval.point(count);
  }

  /** The terms of a group. */
  Group group(int index, List<Interval> intervals, double[] moves) {
    int[] entries = members[index];
    Interval[] terms = Arrays.stream(entries).mapToObj(intervals::get).toArray(Interval[]::new);
    double[] own = Arrays.stream(entries).mapToDouble(i -> moves[i]).toArray();
    return new Group(terms, own, times);
  }
}
