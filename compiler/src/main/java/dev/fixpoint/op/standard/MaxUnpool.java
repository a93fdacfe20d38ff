package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * MaxUnpool of ONNX (opset 22): the elements of X put back where {@link MaxPool} says that it took
 * them from, zeros elsewhere. The indices count in the shape that follows from the windows, also
 * where {@code output_shape} asks for a larger one.
 */
public final class MaxUnpool extends WeighingOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("MaxUnpool")
          .versions(9, 11, 22)
          .input("X", Types.FLOATS)
          .input("I", Types.INT64)
          .optionalInput("output_shape", Types.INT64)
          .output("output", Types.FLOATS)
          .attributes(WindowGeometry.KERNEL_SHAPE, WindowGeometry.PADS, WindowGeometry.STRIDES)
          .doc("Elements put back where a maximum was taken from.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType x = call.type(0);
    if (!x.shape().isRanked()) {
      return List.of(x);
    }
    if (!call.hasInput(2)) {
      return List.of(x.withShape(unpooled(call)));
    }
    ShapeValue wanted = BlockSizes.entries(call, 2);
    List<Dimension> sizes = new ArrayList<>();
    for (int i = 0; i < x.shape().rank(); i++) {
      sizes.add(
          wanted != null && wanted.size() == x.shape().rank()
              ? wanted.dimension(i)
              : Dimension.UNKNOWN);
    }
    return List.of(x.withShape(Shape.of(sizes)));
  }

  /** The shape that follows from the windows. */
  private static Shape unpooled(OpCall call) {
    Shape x = call.type(0).shape();
    int rank = x.rank() - 2;
    List<Long> kernel = call.get(WindowGeometry.KERNEL_SHAPE);
    if (rank < 1 || kernel.size() != rank) {
      throw new IllegalArgumentException("X is " + x + ", but windows are " + kernel);
    }
    int[] taps = kernel.stream().mapToInt(Math::toIntExact).toArray();
    List<Dimension> sizes = new ArrayList<>(x.dimensions().subList(0, 2));
    sizes.addAll(
        new TransposedGeometry(
                call.attributes().without(TransposedGeometry.OUTPUT_SHAPE.name()), taps)
            .outputSizes(x.dimensions().subList(2, x.rank())));
    return Shape.of(sizes);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    int[] from = unpooled(call).intSizes();
    Shape shape = inferTypes(call).getFirst().shape();
    int[] to = shape.intSizes();
    long[] indices = call.tensor(1).toLongs();
    if (indices.length != x.elementCount()) {
      throw new IllegalArgumentException(
          "X is " + x.shape() + ", but I is " + call.tensor(1).shape());
    }
    int[] positions = new int[Math.toIntExact(shape.elementCount())];
    Arrays.fill(positions, Elements.FILLER);
    for (int i = 0; i < indices.length; i++) {
      positions[position(indices[i], from, to)] = i;
    }
    return List.of(Elements.gather(x, shape, positions));
  }

  private static int position(long index, int[] from, int[] to) {
    long rest = index;
    int position = 0;
    int stride = 1;
    for (int axis = from.length - 1; axis >= 0; axis--) {
      long at = rest % from[axis];
      rest /= from[axis];
      if (at < 0 || at >= to[axis]) {
        throw new IllegalArgumentException("index " + index + " lies outside the output");
      }
      position += (int) at * stride;
      stride *= to[axis];
    }
    if (rest != 0) {
      throw new IllegalArgumentException("index " + index + " lies outside the output");
    }
    return position;
  }

  @Override
  double gain(OpCall call) {
    return 1;
  }

  @Override
  boolean isSelection(OpCall call) {
    return true;
  }

  @Override
  double roundings(OpCall call) {
    return 0;
  }
}
