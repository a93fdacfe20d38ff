package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/** The indices of all elements that are not zero: a row for each axis, in row-major order. */
public final class NonZero implements Selection {
  /** {@code Y = NonZero(X)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("NonZero")
          .versions(9, 13)
          .input("X", Types.ALL)
          .output("Y", Types.INT64)
          .doc("The indices of all elements that are not zero.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape shape = call.type(0).shape();
    Dimension rows = shape.isRanked() ? Dimension.of(shape.rank()) : Dimension.UNKNOWN;
    return List.of(new TensorType(ElementType.INT64, Shape.of(List.of(rows, Dimension.UNKNOWN))));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor input = call.tensor(0);
    int[] sizes = input.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int[] found =
        IntStream.range(0, Math.toIntExact(input.elementCount()))
            .filter(i -> input.doubleAt(i) != 0)
            .toArray();
    long[] indices = new long[sizes.length * found.length];
    for (int axis = 0; axis < sizes.length; axis++) {
      for (int i = 0; i < found.length; i++) {
        indices[axis * found.length + i] = found[i] / strides[axis] % sizes[axis];
      }
    }
    Shape shape = Shape.of(sizes.length, found.length);
    return List.of(Tensor.ofLongs(ElementType.INT64, shape, indices));
  }

  @Override
  public Interval image(OpCall call, int output) {
    return Intervals.SIZES;
  }
}
