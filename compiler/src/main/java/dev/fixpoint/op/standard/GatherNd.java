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

/**
 * ONNX {@code GatherND}: takes a slice for each vector along the last axis of the indices, which
 * gives the place on the axes that follow the batch axes.
 */
public final class GatherNd implements DataMovement {
  /** Number of leading axes that data and indices share. */
  public static final Attribute<Long> BATCH_DIMS = Attribute.ofInt("batch_dims", 0);

  /** {@code output = GatherND(data, indices)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("GatherND")
          .versions(11, 12, 13)
          .input("data", Types.ALL)
          .input("indices", Types.INT64)
          .output("output", Types.ALL)
          .attributes(BATCH_DIMS)
          .doc("Takes slices at places that vectors of indices give.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType data = call.type(0);
    Shape indices = call.type(1).shape();
    if (!data.shape().isRanked()
        || !indices.isRanked()
        || indices.rank() == 0
        || !(indices.dimension(-1) instanceof Dimension.Fixed length)) {
      return List.of(data.withShape(Shape.UNRANKED));
    }
    long used = Math.addExact(call.get(BATCH_DIMS), length.size());
    if (call.get(BATCH_DIMS) < 0
        || used > data.shape().rank()
        || call.get(BATCH_DIMS) >= indices.rank()) {
      throw new IllegalArgumentException(
          "indices of shape " + indices + " are too long for data of shape " + data.shape());
    }
    List<Dimension> dimensions =
        new ArrayList<>(indices.dimensions().subList(0, indices.rank() - 1));
    dimensions.addAll(data.shape().dimensions().subList((int) used, data.shape().rank()));
    return List.of(data.withShape(Shape.of(dimensions)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor data = call.tensor(0);
    Tensor indices = call.tensor(1);
    int batchDims = call.attributes().getInt(BATCH_DIMS);
    int[] starts = starts(data.shape(), indices, batchDims);
    Shape shape = inferTypes(call).getFirst().shape();
    int[] positions = new int[Math.toIntExact(shape.elementCount())];
    int slice = starts.length == 0 ? 0 : positions.length / starts.length;
    for (int i = 0; i < positions.length; i++) {
      positions[i] = starts[i / slice] + i % slice;
    }
    return List.of(Elements.gather(data, shape, positions));
  }

  /** The position in the data at which the slice of each vector of indices starts. */
  static int[] starts(Shape data, Tensor indices, int batchDims) {
    int[] sizes = data.intSizes();
    int[] strides = Elements.strides(sizes);
    if (indices.shape().rank() == 0 || batchDims < 0) {
      throw new IllegalArgumentException("indices should be vectors, and batch_dims not negative");
    }
    int length = indices.shape().intSize(-1);
    if (batchDims + length > sizes.length) {
      throw new IllegalArgumentException(
          "indices of shape " + indices.shape() + " are too long for data of shape " + data);
    }
    long[] given = indices.toLongs();
    int count = 1;
    for (int i = 0; i < indices.shape().rank() - 1; i++) {
      count = Math.multiplyExact(count, indices.shape().intSize(i));
    }
    int batches = 1;
    for (int i = 0; i < batchDims; i++) {
      batches *= sizes[i];
    }
    int[] starts = new int[count];
    for (int i = 0; i < count; i++) {
      int batch = (int) ((long) i * batches / count);
      starts[i] = batchDims == 0 ? 0 : batch * strides[batchDims - 1];
      for (int j = 0; j < length; j++) {
        int axis = batchDims + j;
        starts[i] += Gather.index(given[i * length + j], sizes[axis]) * strides[axis];
      }
    }
    return starts;
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    Shape data = call.type(0).shape();
    Shape shape = inferTypes(call).getFirst().shape();
    if (!data.isRanked() || !shape.isRanked()) {
      return Route.LUMPED;
    }
    int fromEnd = data.rank() - spread.axis();
    long used = call.get(BATCH_DIMS) + call.type(1).shape().size(-1);
    return spread.axis() >= used
        ? Route.along(shape.rank() - fromEnd, spread.count())
        : Route.LUMPED;
  }
}
