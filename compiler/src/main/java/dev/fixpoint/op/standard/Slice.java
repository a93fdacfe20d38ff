package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes every {@code step}-th index from {@code start} to before {@code end} along axes, as
 * Python's slices do: negative positions count from the end, positions out of range are moved to
 * the border.
 */
public final class Slice implements DataMovement {
  /** {@code output = Slice(data, starts, ends, axes?, steps?)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Slice")
          .versions(1, 10, 11, 13)
          .input("data", Types.ALL)
          .input("starts", Types.INDICES)
          .input("ends", Types.INDICES)
          .optionalInput("axes", Types.INDICES)
          .optionalInput("steps", Types.INDICES)
          .output("output", Types.ALL)
          .doc("Takes ranges of indices along axes.");

  private static final int STARTS = 1;
  private static final int ENDS = 2;
  private static final int AXES = 3;
  private static final int STEPS = 4;

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType data = call.type(0);
    if (!data.shape().isRanked()) {
      return List.of(data);
    }
    int[] axes = axes(call, data.shape().rank());
    if (axes == null) {
      return List.of(data.withShape(Shape.ofRank(data.shape().rank())));
    }
    long[] steps = steps(call, axes.length);
    List<Dimension> dimensions = new ArrayList<>(data.shape().dimensions());
    for (int i = 0; i < axes.length; i++) {
      Dimension before = dimensions.get(axes[i]);
      dimensions.set(
          axes[i],
          steps == null
              ? Dimension.UNKNOWN
              : length(before, entry(call, STARTS, i), entry(call, ENDS, i), steps[i]));
    }
    return List.of(data.withShape(Shape.of(dimensions)));
  }

  private static int @Nullable [] axes(OpCall call, int rank) {
    if (call.hasInput(AXES)) {
      long[] given = Axes.longs(call, AXES);
      return given == null ? null : Axes.normalized(given, rank);
    }
    int count = Axes.length(call, STARTS);
    if (count > rank) {
      throw new IllegalArgumentException(count + " slices of a tensor of rank " + rank);
    }
    return count < 0 ? null : Elements.steps(count, 1);
  }

  private static long @Nullable [] steps(OpCall call, int count) {
    if (!call.hasInput(STEPS)) {
      long[] ones = new long[count];
      Arrays.fill(ones, 1);
      return ones;
    }
    long[] steps = Axes.longs(call, STEPS);
    if (steps == null) {
      return null;
    }
    if (steps.length != count) {
      throw new IllegalArgumentException(steps.length + " steps for " + count + " axes");
    }
    for (long step : steps) {
      if (step == 0) {
        throw new IllegalArgumentException("a step cannot be 0");
      }
    }
    return steps;
  }

  private static @Nullable Affine entry(OpCall call, int input, int index) {
    Tensor constant = call.constant(input);
    if (constant != null) {
      if (index >= constant.elementCount()) {
        throw new IllegalArgumentException("input " + input + " has no entry for axis " + index);
      }
      return Affine.of(constant.longAt(index));
    }
    ShapeValue value = call.shapeValue(input);
    return value == null || index >= value.size() ? null : value.entries().get(index);
  }

  private static Dimension length(
      Dimension before, @Nullable Affine start, @Nullable Affine end, long step) {
    if (start == null || end == null) {
      return Dimension.UNKNOWN;
    }
    if (before instanceof Dimension.Fixed fixed && start.isConstant() && end.isConstant()) {
      return Dimension.of(count(fixed.size(), start.constant(), end.constant(), step));
    }
    return isWhole(before, start, end, step) ? before : Dimension.UNKNOWN;
  }

  /** Whether a slice of a dimension that is no number certainly takes all of it. */
  private static boolean isWhole(Dimension before, Affine start, Affine end, long step) {
    boolean endsBehind =
        end.isConstant() ? end.constant() >= Integer.MAX_VALUE : end.equals(Axes.affine(before));
    boolean endsBefore = end.isConstant() && end.constant() <= -Integer.MAX_VALUE;
    return (step == 1 && start.equals(Affine.of(0)) && endsBehind)
        || (step == -1 && start.equals(Affine.of(-1)) && endsBefore);
  }

  private static long first(long size, long start, long step) {
    long counted = start < 0 ? start + size : start;
    return Math.clamp(counted, 0, step > 0 ? size : Math.max(size - 1, 0));
  }

  private static long count(long size, long start, long end, long step) {
    if (size == 0) {
      return 0;
    }
    long counted = end < 0 ? end + size : end;
    long last = step > 0 ? Math.clamp(counted, 0, size) : Math.clamp(counted, -1, size - 1);
    long distance = last - first(size, start, step);
    if (step > 0 ? distance <= 0 : distance >= 0) {
      return 0;
    }
    return (distance - Long.signum(step)) / step + 1;
  }

  /** The input indices that an axis of the output takes, or null where not known. */
  private static int @Nullable [] taken(OpCall call, int axis, int size) {
    int[] axes = axes(call, call.type(0).shape().rank());
    long[] steps = axes == null ? null : steps(call, axes.length);
    if (axes == null || steps == null) {
      return null;
    }
    for (int i = 0; i < axes.length; i++) {
      if (axes[i] == axis) {
        Affine start = entry(call, STARTS, i);
        Affine end = entry(call, ENDS, i);
        return start == null || end == null || !start.isConstant() || !end.isConstant()
            ? null
            : taken(size, start.constant(), end.constant(), steps[i]);
      }
    }
    return Elements.steps(size, 1);
  }

  private static int[] taken(int size, long start, long end, long step) {
    int[] taken = new int[Math.toIntExact(count(size, start, end, step))];
    long first = first(size, start, step);
    for (int i = 0; i < taken.length; i++) {
      taken[i] = Math.toIntExact(first + i * step);
    }
    return taken;
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor data = call.tensor(0);
    int[] sizes = data.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int[][] offsets = new int[sizes.length][];
    for (int axis = 0; axis < sizes.length; axis++) {
      int[] taken = taken(call, axis, sizes[axis]);
      if (taken == null) {
        throw new IllegalArgumentException("starts, ends, axes and steps are not all known");
      }
      for (int i = 0; i < taken.length; i++) {
        taken[i] *= strides[axis];
      }
      offsets[axis] = taken;
    }
    Shape shape = inferTypes(call).getFirst().shape();
    return List.of(Elements.gather(data, shape, Elements.positions(offsets)));
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    Shape shape = call.type(0).shape();
    int[] taken = shape.isRanked() ? taken(call, spread.axis(), spread.count()) : null;
    return taken == null ? Route.LUMPED : Route.along(spread.axis(), taken);
  }
}
