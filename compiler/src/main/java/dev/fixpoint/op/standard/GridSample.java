package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
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

/**
 * GridSample of ONNX (opset 22): the elements of {@code X [N,C,…]} at the places of a grid {@code
 * [N,…,r]} of normalized coordinates, x first, over two or three spatial dimensions.
 */
public final class GridSample extends WeighingOp {
  /** Whether -1 and 1 are the centres of the outermost elements rather than their far edges. */
  public static final Attribute<Long> ALIGN_CORNERS = Attribute.ofInt("align_corners", 0);

  /** Interpolation: linear, nearest or cubic. */
  public static final Attribute<String> MODE = Attribute.ofString("mode", "linear");

  /** What lies outside: zeros, the border, or the reflection. */
  public static final Attribute<String> PADDING_MODE = Attribute.ofString("padding_mode", "zeros");

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("GridSample")
          .versions(16, 20, 22)
          .input("X", Types.FLOATS)
          .input("grid", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(ALIGN_CORNERS, MODE, PADDING_MODE)
          .doc("Elements at the places of a grid.");

  /**
   * Sum of the magnitudes of the weights of the cubic kernel with coefficient -0.75, at its worst.
   */
  private static final double CUBIC_GAIN = 1.375;

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape x = call.type(0).shape();
    Shape grid = call.type(1).shape();
    GridPlaces.Mode.of(call);
    GridPlaces.Outside.of(call);
    if (!x.isRanked() || !grid.isRanked()) {
      return List.of(call.type(0).withShape(x.isRanked() ? Shape.ofRank(x.rank()) : x));
    }
    boolean fits =
        (x.rank() == 4 || x.rank() == 5)
            && grid.rank() == x.rank()
            && grid.dimension(-1).isCompatibleWith(Dimension.of(x.rank() - 2))
            && grid.dimension(0).isCompatibleWith(x.dimension(0));
    if (!fits) {
      throw new IllegalArgumentException("X is " + x + ", but grid is " + grid);
    }
    List<Dimension> sizes = new ArrayList<>(x.dimensions().subList(0, 2));
    sizes.addAll(grid.dimensions().subList(1, grid.rank() - 1));
    return List.of(call.type(0).withShape(Shape.of(sizes)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Shape shape = inferTypes(call).getFirst().shape();
    Tensor x = call.tensor(0);
    int[] image = Arrays.copyOfRange(x.shape().intSizes(), 2, x.shape().rank());
    int rank = image.length;
    int channels = shape.intSize(1);
    int plane = Arrays.stream(image).reduce(1, Math::multiplyExact);
    double[] values = x.toDoubles();
    double[] grid = call.tensor(1).toDoubles();
    double[] y = new double[Math.toIntExact(shape.elementCount())];
    int batch = shape.intSize(0);
    int places = batch == 0 ? 0 : grid.length / rank / batch;
    GridPlaces sampler = new GridPlaces(call, image);
    for (int i = 0; i < batch * places; i++) {
      sampler.moveTo(grid, i * rank);
      for (int c = 0; c < channels; c++) {
        int from = (i / places * channels + c) * plane;
        y[(i / places * channels + c) * places + i % places] = sampler.sample(values, from);
      }
    }
    return List.of(Tensor.ofDoubles(x.elementType(), shape, y));
  }

  @Override
  double gain(OpCall call) {
    Shape x = call.type(0).shape();
    int rank = x.isRanked() ? x.rank() - 2 : 3;
    return hasNegativeWeights(call) ? Math.pow(CUBIC_GAIN, rank) : 1;
  }

  @Override
  boolean isSelection(OpCall call) {
    return GridPlaces.Mode.of(call) == GridPlaces.Mode.NEAREST;
  }

  @Override
  boolean hasNegativeWeights(OpCall call) {
    return GridPlaces.Mode.of(call) == GridPlaces.Mode.CUBIC;
  }

  /** Coordinates are scaled up to the size of the image, and so are their roundings. */
  @Override
  double roundings(OpCall call) {
    Shape x = call.type(0).shape();
    double largest = 1;
    for (int axis = 2; axis < x.rank(); axis++) {
      largest = Math.max(largest, (double) x.size(axis));
    }
    double farthest = Range.ofTensor(call.tensor(1)).magnitude() + 1;
    return 64 * (largest * farthest + 4);
  }
}
