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

/** Reverses the first elements along the time axis, as many as each batch entry's length says. */
public final class ReverseSequence implements DataMovement {
  /** The axis of the lengths: 0 or 1, the one that {@link #TIME_AXIS} is not. */
  public static final Attribute<Long> BATCH_AXIS = Attribute.ofInt("batch_axis", 1);

  /** The axis that is reversed: 0 or 1. */
  public static final Attribute<Long> TIME_AXIS = Attribute.ofInt("time_axis", 0);

  /** {@code Y = ReverseSequence(input, sequence_lens)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("ReverseSequence")
          .versions(10)
          .input("input", Types.ALL)
          .input("sequence_lens", Types.INT64)
          .output("Y", Types.ALL)
          .attributes(BATCH_AXIS, TIME_AXIS)
          .doc("Reverses sequences of several lengths.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    long batch = call.get(BATCH_AXIS);
    if (batch < 0 || batch > 1 || call.get(TIME_AXIS) != 1 - batch) {
      throw new IllegalArgumentException("batch_axis and time_axis should be 0 and 1, or 1 and 0");
    }
    Shape shape = call.type(0).shape();
    if (shape.isRanked() && shape.rank() < 2) {
      throw new IllegalArgumentException("the input should have two axes, but is " + call.type(0));
    }
    return List.of(call.type(0));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor input = call.tensor(0);
    int[] sizes = inferTypes(call).getFirst().shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int batchAxis = call.attributes().getInt(BATCH_AXIS);
    int timeAxis = call.attributes().getInt(TIME_AXIS);
    Axes.requireShape(call, 1, sizes[batchAxis]);
    long[] lengths = call.tensor(1).toLongs();
    int[] positions = Elements.steps(Math.toIntExact(input.elementCount()), 1);
    for (int i = 0; i < positions.length; i++) {
      int time = i / strides[timeAxis] % sizes[timeAxis];
      long length = lengths[i / strides[batchAxis] % sizes[batchAxis]];
      if (length < 0 || length > sizes[timeAxis]) {
        throw new IllegalArgumentException(
            "a sequence of length " + length + " does not fit " + input.shape());
      }
      if (time < length) {
        positions[i] += (int) (length - 1 - 2L * time) * strides[timeAxis];
      }
    }
    return List.of(Elements.gather(input, input.shape(), positions));
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    return spread.axis() == call.get(TIME_AXIS)
        ? Route.LUMPED
        : Route.along(spread.axis(), spread.count());
  }
}
