package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Drops axes of size 1: those that are named, or all. */
public final class Squeeze implements DataMovement {
  /** {@code squeezed = Squeeze(data, axes?)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Squeeze")
          .versions(1, 11, 13, 21, 23, 24, 25)
          .input("data", Types.ALL)
          .optionalInput("axes", Types.INT64)
          .output("squeezed", Types.ALL)
          .doc("Drops axes of size 1.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0).withShape(outputShape(call)));
  }

  private static Shape outputShape(OpCall call) {
    Shape data = call.type(0).shape();
    if (!data.isRanked()) {
      return Shape.UNRANKED;
    }
    if (!call.hasInput(1)) {
      // A dimension known by name only may or may not be 1.
      return data.isStatic() ? withoutOnes(data) : Shape.UNRANKED;
    }
    long[] given = Axes.longs(call, 1);
    if (given == null) {
      int count = Axes.length(call, 1);
      return count < 0 ? Shape.UNRANKED : Shape.ofRank(Math.max(data.rank() - count, 0));
    }
    List<Dimension> dimensions = new ArrayList<>(data.dimensions());
    int[] axes = Axes.normalized(given, data.rank());
    Arrays.sort(axes);
    for (int i = axes.length - 1; i >= 0; i--) {
      Dimension dropped = dimensions.remove(axes[i]);
      if (dropped.isFixed() && !dropped.isSize(1)) {
        throw new IllegalArgumentException(
            "axis " + axes[i] + " of " + data + " cannot be dropped, as its size is not 1");
      }
    }
    return Shape.of(dimensions);
  }

  private static Shape withoutOnes(Shape data) {
    return Shape.of(data.dimensions().stream().filter(d -> !d.isSize(1)).toList());
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return List.of(call.tensor(0).reshaped(outputShape(call)));
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    return Reshaping.along(call.type(0).shape(), outputShape(call), spread);
  }
}
