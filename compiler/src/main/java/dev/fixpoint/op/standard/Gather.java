package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes slices at given indices along an axis, which is replaced by the axes of the indices. */
public final class Gather implements DataMovement {
  /** The axis, in [-rank, rank - 1]. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", 0);

  /** {@code output = Gather(data, indices)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Gather")
          .versions(1, 11, 13)
          .input("data", Types.ALL)
          .input("indices", Types.INDICES)
          .output("output", Types.ALL)
          .attributes(AXIS)
          .doc("Takes slices at given indices along an axis.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType data = call.type(0);
    Shape indices = call.type(1).shape();
    if (!data.shape().isRanked() || !indices.isRanked()) {
      return List.of(data.withShape(Shape.UNRANKED));
    }
    int axis = Axes.normalized(call.get(AXIS), data.shape().rank());
    List<Dimension> dimensions = new ArrayList<>(data.shape().dimensions());
    dimensions.remove(axis);
    dimensions.addAll(axis, indices.dimensions());
    return List.of(data.withShape(Shape.of(dimensions)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor data = call.tensor(0);
    int[] sizes = data.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int axis = Axes.normalized(call.get(AXIS), sizes.length);
    int[][] offsets = new int[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      offsets[i] = Elements.steps(sizes[i], strides[i]);
    }
    int[] chosen = indices(call.tensor(1).toLongs(), sizes[axis]);
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] *= strides[axis];
    }
    offsets[axis] = chosen;
    Shape shape = inferTypes(call).getFirst().shape();
    return List.of(Elements.gather(data, shape, Elements.positions(offsets)));
  }

  /** Indices counted from the front; refuses one outside {@code [-size, size - 1]}. */
  static int[] indices(long[] given, int size) {
    int[] indices = new int[given.length];
    for (int i = 0; i < given.length; i++) {
      indices[i] = index(given[i], size);
    }
    return indices;
  }

  static int index(long given, int size) {
    if (given < -size || given >= size) {
      throw new IllegalArgumentException(
          "index " + given + " is outside [" + -size + ", " + (size - 1) + "]");
    }
    return (int) (given < 0 ? given + size : given);
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    Shape data = call.type(0).shape();
    Shape indices = call.type(1).shape();
    if (!data.isRanked() || !indices.isRanked()) {
      return Route.LUMPED;
    }
    int axis = Axes.normalized(call.get(AXIS), data.rank());
    if (spread.axis() != axis) {
      int moved = spread.axis() < axis ? spread.axis() : spread.axis() - 1 + indices.rank();
      return Route.along(moved, spread.count());
    }
    long @Nullable [] known = Axes.longs(call, 1);
    return known == null || indices.rank() != 1
        ? Route.LUMPED
        : Route.along(axis, indices(known, spread.count()));
  }
}
