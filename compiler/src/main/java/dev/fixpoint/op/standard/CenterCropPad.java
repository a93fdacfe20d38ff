package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
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

/**
 * Cuts the middle out of each axis, or adds zeros around it, to the size asked for. Where the
 * amounts before and after differ, the one after is larger.
 */
public final class CenterCropPad implements DataMovement {
  /** The axes that the shape is for; all where absent. */
  public static final Attribute<List<Long>> AXES = Attribute.ofInts("axes");

  /** {@code output_data = CenterCropPad(input_data, shape)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("CenterCropPad")
          .versions(18)
          .input("input_data", Types.ALL)
          .input("shape", Types.INDICES)
          .output("output_data", Types.ALL)
          .attributes(AXES)
          .doc("Cuts or pads each axis around its middle.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    Shape target = Axes.shape(call, 1);
    if (!input.shape().isRanked()) {
      return List.of(input);
    }
    int[] axes = axes(call, input.shape().rank());
    if (target.isRanked() && target.rank() != axes.length) {
      throw new IllegalArgumentException(target.rank() + " sizes for " + axes.length + " axes");
    }
    List<Dimension> dimensions = new ArrayList<>(input.shape().dimensions());
    for (int i = 0; i < axes.length; i++) {
      dimensions.set(axes[i], target.isRanked() ? target.dimension(i) : Dimension.UNKNOWN);
    }
    return List.of(input.withShape(Shape.of(dimensions)));
  }

  private static int[] axes(OpCall call, int rank) {
    List<Long> given = call.attributes().find(AXES);
    return given == null
        ? Elements.steps(rank, 1)
        : Axes.normalized(given.stream().mapToLong(Long::longValue).toArray(), rank);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor input = call.tensor(0);
    Shape shape = inferTypes(call).getFirst().shape();
    int[] sizes = input.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int[][] offsets = new int[sizes.length][];
    for (int axis = 0; axis < sizes.length; axis++) {
      int target = shape.intSize(axis);
      int cut = Math.max(sizes[axis] - target, 0) / 2;
      int added = Math.max(target - sizes[axis], 0) / 2;
      offsets[axis] = new int[target];
      for (int i = 0; i < target; i++) {
        int index = i + cut - added;
        boolean inside = index >= 0 && index < sizes[axis];
        offsets[axis][i] = inside ? index * strides[axis] : Elements.FILLER;
      }
    }
    return List.of(Elements.gather(input, shape, Elements.positions(offsets)));
  }

  @Override
  public Interval filler(OpCall call, List<@Nullable Range> ranges) {
    return Interval.ZERO;
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    Shape shape = inferTypes(call).getFirst().shape();
    return shape.isRanked() && shape.dimension(spread.axis()).isSize(spread.count())
        ? Route.along(spread.axis(), spread.count())
        : Route.LUMPED;
  }
}
