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

/** Inserts axes of size 1, at positions counted in the output. */
public final class Unsqueeze implements DataMovement {
  /** {@code expanded = Unsqueeze(data, axes)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Unsqueeze")
          .versions(1, 11, 13, 21, 23, 24, 25)
          .input("data", Types.ALL)
          .input("axes", Types.INT64)
          .output("expanded", Types.ALL)
          .doc("Inserts axes of size 1.");

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
    long[] given = Axes.longs(call, 1);
    if (!data.isRanked()) {
      return Shape.UNRANKED;
    }
    if (given == null) {
      int count = Axes.length(call, 1);
      return count < 0 ? Shape.UNRANKED : Shape.ofRank(data.rank() + count);
    }
    int[] axes = Axes.normalized(given, data.rank() + given.length);
    Arrays.sort(axes);
    List<Dimension> dimensions = new ArrayList<>(data.dimensions());
    for (int axis : axes) {
      dimensions.add(axis, Dimension.of(1));
    }
    return Shape.of(dimensions);
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
