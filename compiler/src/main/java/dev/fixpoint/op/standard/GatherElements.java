package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/** Takes for each index the element at its own place, but at that index along the axis. */
public final class GatherElements implements DataMovement {
  /** The axis, in [-rank, rank - 1]. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", 0);

  /** {@code output = GatherElements(data, indices)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("GatherElements")
          .versions(11, 13)
          .input("data", Types.ALL)
          .input("indices", Types.INDICES)
          .output("output", Types.ALL)
          .attributes(AXIS)
          .doc("Takes elements at given indices along an axis.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0).withShape(call.type(1).shape()));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor data = call.tensor(0);
    Tensor indices = call.tensor(1);
    int[] positions = positions(data.shape(), indices, call.get(AXIS));
    return List.of(Elements.gather(data, indices.shape(), positions));
  }

  /** For each index the position in the data that it means along the axis. */
  static int[] positions(Shape data, Tensor indices, long givenAxis) {
    int[] sizes = data.intSizes();
    int[] strides = Elements.strides(sizes);
    int axis = Axes.normalized(givenAxis, sizes.length);
    int[] own = indices.shape().intSizes();
    if (own.length != sizes.length) {
      throw new IllegalArgumentException(
          "indices of shape " + indices.shape() + " for data of shape " + data);
    }
    int[][] offsets = new int[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      if (i != axis && own[i] > sizes[i]) {
        throw new IllegalArgumentException(
            "indices of shape " + indices.shape() + " reach out of data of shape " + data);
      }
      offsets[i] = Elements.steps(own[i], i == axis ? 0 : strides[i]);
    }
    int[] positions = Elements.positions(offsets);
    long[] given = indices.toLongs();
    for (int i = 0; i < positions.length; i++) {
      positions[i] += Gather.index(given[i], sizes[axis]) * strides[axis];
    }
    return positions;
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    Shape data = call.type(0).shape();
    Shape indices = call.type(1).shape();
    boolean isAligned =
        data.isRanked()
            && indices.isRanked()
            && Axes.normalized(call.get(AXIS), data.rank()) != spread.axis()
            && indices.dimension(spread.axis()).isSize(spread.count());
    return isAligned ? Route.along(spread.axis(), spread.count()) : Route.LUMPED;
  }
}
