package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds elements before and after each axis: a constant, or elements of the tensor that are
 * mirrored, repeated at the edge, or wrapped around. Negative amounts take elements away.
 */
public final class Pad implements DataMovement {
  /** {@code constant}, {@code reflect}, {@code edge} or {@code wrap}. */
  public static final Attribute<String> MODE = Attribute.ofString("mode", "constant");

  /** {@code output = Pad(data, pads, constant_value?, axes?)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Pad")
          .versions(1, 2, 11, 13, 18, 19, 21, 23, 24, 25)
          .input("data", Types.ALL)
          .input("pads", Types.INT64)
          .optionalInput("constant_value", Types.ALL)
          .optionalInput("axes", Types.INDICES)
          .output("output", Types.ALL)
          .attributes(MODE)
          .doc("Adds elements before and after each axis.");

  private static final int PADS = 1;
  private static final int CONSTANT_VALUE = 2;
  private static final int AXES = 3;

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
    int rank = data.shape().rank();
    long[][] amounts = amounts(call, rank);
    List<Dimension> dimensions = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      Dimension before = data.shape().dimension(axis);
      dimensions.add(
          amounts == null ? Dimension.UNKNOWN : padded(before, amounts[0][axis], amounts[1][axis]));
    }
    return List.of(data.withShape(Shape.of(dimensions)));
  }

  private static Dimension padded(Dimension dimension, long before, long after) {
    Affine size = Axes.affine(dimension);
    long more = Math.addExact(before, after);
    if (size == null) {
      return Dimension.UNKNOWN;
    }
    if (more < 0 && !size.isConstant()) {
      return Dimension.UNKNOWN;
    }
    Affine padded = size.plus(Affine.of(more));
    if (padded.isConstant() && padded.constant() < 0) {
      throw new IllegalArgumentException(
          "pads " + before + " and " + after + " take more than the size " + dimension);
    }
    return padded.dimension();
  }

  /** What is added before and after each axis, or null where that is not known. */
  private static long @Nullable [][] amounts(OpCall call, int rank) {
    long[] pads = Axes.longs(call, PADS);
    long[] named = call.hasInput(AXES) ? Axes.longs(call, AXES) : null;
    if (pads == null || (call.hasInput(AXES) && named == null)) {
      return null;
    }
    int[] axes = named == null ? Elements.steps(rank, 1) : Axes.normalized(named, rank);
    if (pads.length != 2 * axes.length) {
      throw new IllegalArgumentException(pads.length + " pads for " + axes.length + " axes");
    }
    long[][] amounts = new long[2][rank];
    for (int i = 0; i < axes.length; i++) {
      amounts[0][axes[i]] = pads[i];
      amounts[1][axes[i]] = pads[axes.length + i];
    }
    return amounts;
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor data = call.tensor(0);
    Shape shape = inferTypes(call).getFirst().shape();
    int[] sizes = data.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    long[][] amounts = amounts(call, sizes.length);
    if (amounts == null) {
      throw new IllegalArgumentException("pads and axes are not all known");
    }
    int[][] offsets = new int[sizes.length][];
    for (int axis = 0; axis < sizes.length; axis++) {
      Source source = source(call, sizes[axis], amounts[0][axis], amounts[1][axis]);
      offsets[axis] = new int[shape.intSize(axis)];
      for (int i = 0; i < offsets[axis].length; i++) {
        int index = source.of(i - amounts[0][axis]);
        offsets[axis][i] = index < 0 ? Elements.FILLER : index * strides[axis];
      }
    }
    Tensor filler = call.hasInput(CONSTANT_VALUE) ? call.tensor(CONSTANT_VALUE) : null;
    return List.of(Elements.gather(data, shape, Elements.positions(offsets), filler));
  }

  /** The index in the data of an index that may lie outside of it; negative for the filler. */
  @FunctionalInterface
  private interface Source {
    int of(long index);
  }

  private static Source source(OpCall call, int size, long before, long after) {
    long first = Math.max(0, -before);
    long count = size - first - Math.max(0, -after);
    String mode = call.get(MODE);
    if (mode.equals("constant")) {
      return index -> index >= 0 && index < size ? (int) index : Elements.FILLER;
    }
    if (count <= 0 && (before > 0 || after > 0)) {
      throw new IllegalArgumentException("mode '" + mode + "' has no element to pad with");
    }
    return switch (mode) {
      case "edge" -> index -> (int) Math.clamp(index, first, first + count - 1);
      case "wrap" -> index -> (int) (first + Math.floorMod(index - first, count));
      case "reflect" -> index -> (int) (first + reflected(index - first, count));
      default -> throw new IllegalArgumentException("there is no padding mode '" + mode + "'");
    };
  }

  private static long reflected(long index, long count) {
    long period = Math.max(2 * (count - 1), 1);
    long place = Math.floorMod(index, period);
    return place < count ? place : period - place;
  }

  @Override
  public boolean chooses(int input) {
    return input == PADS || input == AXES;
  }

  @Override
  public @Nullable Interval filler(OpCall call, List<@Nullable Range> ranges) {
    if (!call.get(MODE).equals("constant")) {
      return null;
    }
    return call.hasInput(CONSTANT_VALUE) ? Ranges.at(ranges, CONSTANT_VALUE).hull() : Interval.ZERO;
  }

  @Override
  public double fillerError(List<ErrorBound> errors) {
    return CONSTANT_VALUE < errors.size() ? errors.get(CONSTANT_VALUE).max() : 0;
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    Shape shape = call.type(0).shape();
    long[][] amounts = shape.isRanked() ? amounts(call, shape.rank()) : null;
    int axis = spread.axis();
    return amounts != null && amounts[0][axis] == 0 && amounts[1][axis] == 0
        ? Route.along(axis, spread.count())
        : Route.LUMPED;
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    return call.hasInput(CONSTANT_VALUE) ? null : Movement.shapeValue(this, call);
  }
}
