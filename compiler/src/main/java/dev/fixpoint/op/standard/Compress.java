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
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keeps the slices along an axis, or the elements of the flattened tensor, whose condition holds.
 */
public final class Compress implements DataMovement {
  /** The axis, in [-rank, rank - 1]; the tensor is flattened where absent. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis");

  /** {@code output = Compress(input, condition)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Compress")
          .versions(9, 11)
          .input("input", Types.ALL)
          .input("condition", Types.BOOL)
          .output("output", Types.ALL)
          .attributes(AXIS)
          .doc("Keeps the slices whose condition holds.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    Tensor condition = call.constant(1);
    Dimension kept = condition == null ? Dimension.UNKNOWN : Dimension.of(kept(condition).length);
    Long axis = call.attributes().find(AXIS);
    if (axis == null) {
      return List.of(input.withShape(Shape.of(List.of(kept))));
    }
    if (!input.shape().isRanked()) {
      return List.of(input);
    }
    int position = Axes.normalized(axis, input.shape().rank());
    return List.of(input.withShape(input.shape().with(position, kept)));
  }

  private static int[] kept(Tensor condition) {
    return IntStream.range(0, Math.toIntExact(condition.elementCount()))
        .filter(i -> condition.longAt(i) != 0)
        .toArray();
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor input = call.tensor(0);
    Long axis = call.attributes().find(AXIS);
    Tensor viewed = axis == null ? input.reshaped(Shape.of(input.elementCount())) : input;
    int[] sizes = viewed.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int position = axis == null ? 0 : Axes.normalized(axis, sizes.length);
    int[][] offsets = new int[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      offsets[i] = Elements.steps(sizes[i], strides[i]);
    }
    int[] kept = kept(call.tensor(1));
    if (kept.length > 0) {
      Gather.index(kept[kept.length - 1], sizes[position]);
    }
    offsets[position] = IntStream.of(kept).map(index -> index * strides[position]).toArray();
    Shape shape = inferTypes(call).getFirst().shape();
    return List.of(Elements.gather(viewed, shape, Elements.positions(offsets)));
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    Long axis = call.attributes().find(AXIS);
    Shape shape = call.type(0).shape();
    return axis == null || !shape.isRanked() || Axes.normalized(axis, shape.rank()) == spread.axis()
        ? Route.LUMPED
        : Route.along(spread.axis(), spread.count());
  }
}
