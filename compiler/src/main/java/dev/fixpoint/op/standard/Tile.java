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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Repeats a tensor as a whole along each axis. */
public final class Tile implements DataMovement {
  /** {@code output = Tile(input, repeats)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Tile")
          .versions(1, 6, 13)
          .input("input", Types.ALL)
          .input("repeats", Types.INT64)
          .output("output", Types.ALL)
          .doc("Repeats a tensor as a whole along each axis.");

  /** Most repeats of an axis along which channels keep bounds of their own. */
  private static final int MAX_REPEATS = 256;

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    int length = Axes.length(call, 1);
    if (!input.shape().isRanked()) {
      return List.of(length < 0 ? input : input.withShape(Shape.ofRank(length)));
    }
    int rank = input.shape().rank();
    if (length >= 0 && length != rank) {
      throw new IllegalArgumentException(length + " repeats for a tensor of rank " + rank);
    }
    List<Dimension> dimensions = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      dimensions.add(repeated(input.shape().dimension(axis), repeats(call, axis)));
    }
    return List.of(input.withShape(Shape.of(dimensions)));
  }

  private static Dimension repeated(Dimension dimension, @Nullable Affine repeats) {
    if (repeats == null) {
      return Dimension.UNKNOWN;
    }
    if (repeats.isConstant()) {
      if (repeats.constant() < 0) {
        throw new IllegalArgumentException("an axis cannot repeat " + repeats + " times");
      }
      return Axes.times(dimension, repeats.constant());
    }
    return dimension instanceof Dimension.Fixed fixed
        ? repeats.times(fixed.size()).dimension()
        : Dimension.UNKNOWN;
  }

  private static @Nullable Affine repeats(OpCall call, int axis) {
    Tensor constant = call.constant(1);
    if (constant != null) {
      return Affine.of(constant.longAt(axis));
    }
    ShapeValue value = call.shapeValue(1);
    return value == null ? null : value.entries().get(axis);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor input = call.tensor(0);
    Shape shape = inferTypes(call).getFirst().shape();
    int[] sizes = input.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int[][] offsets = new int[sizes.length][];
    for (int axis = 0; axis < sizes.length; axis++) {
      offsets[axis] = new int[shape.intSize(axis)];
      for (int i = 0; i < offsets[axis].length; i++) {
        offsets[axis][i] = i % sizes[axis] * strides[axis];
      }
    }
    return List.of(Elements.gather(input, shape, Elements.positions(offsets)));
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    long[] repeats = Axes.longs(call, 1);
    if (repeats == null || repeats[spread.axis()] > MAX_REPEATS) {
      return Route.LUMPED;
    }
    int[] entries = new int[Math.toIntExact(repeats[spread.axis()] * spread.count())];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = i % spread.count();
    }
    return Route.along(spread.axis(), entries);
  }
}
