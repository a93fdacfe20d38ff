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

/**
 * Views a tensor as a matrix: the axes before {@link #AXIS} become its rows, the others its
 * columns.
 */
public final class Flatten implements DataMovement {
  /** First axis of the columns, in [-rank, rank]. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", 1);

  /** {@code output = Flatten(input)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Flatten")
          .versions(1, 9, 11, 13, 21, 23, 24, 25)
          .input("input", Types.ALL)
          .output("output", Types.ALL)
          .attributes(AXIS)
          .doc("Views a tensor as a matrix.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType type = call.type(0);
    if (!type.shape().isRanked()) {
      return List.of(type.withShape(Shape.ofRank(2)));
    }
    List<Dimension> dimensions = type.shape().dimensions();
    int axis = axis(call.get(AXIS), dimensions.size());
    Dimension rows = Axes.product(dimensions.subList(0, axis));
    Dimension columns = Axes.product(dimensions.subList(axis, dimensions.size()));
    return List.of(type.withShape(Shape.of(List.of(rows, columns))));
  }

  private static int axis(long axis, int rank) {
    if (axis < -rank || axis > rank) {
      throw new IllegalArgumentException(
          "axis " + axis + " is outside [" + -rank + ", " + rank + "]");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return List.of(call.tensor(0).reshaped(inferTypes(call).getFirst().shape()));
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    return Reshaping.along(call.type(0).shape(), inferTypes(call).getFirst().shape(), spread);
  }
}
