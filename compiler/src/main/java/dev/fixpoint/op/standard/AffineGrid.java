package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
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
 * AffineGrid of ONNX (opset 20): for each place of an image of the given size its coordinates in
 * [-1, 1], x first, after an affine map of the batch's own.
 */
public final class AffineGrid extends WeighingOp {
  /** Whether -1 and 1 are the centres of the outermost elements rather than their far edges. */
  public static final Attribute<Long> ALIGN_CORNERS = Attribute.ofInt("align_corners", 0);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("AffineGrid")
          .versions(20)
          .input("theta", Types.FLOATS)
          .input("size", Types.INT64)
          .output("grid", Types.FLOATS)
          .attributes(ALIGN_CORNERS)
          .doc("Coordinates of an image's places after an affine map.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    ShapeValue size = BlockSizes.entries(call, 1);
    if (size == null) {
      return List.of(call.type(0).withShape(Shape.UNRANKED));
    }
    if (size.size() != 4 && size.size() != 5) {
      throw new IllegalArgumentException("size should have 4 or 5 entries, not " + size.size());
    }
    List<Dimension> sizes = new ArrayList<>();
    sizes.add(size.dimension(0));
    for (int i = 2; i < size.size(); i++) {
      sizes.add(size.dimension(i));
    }
    sizes.add(Dimension.of(size.size() - 2));
    return List.of(call.type(0).withShape(Shape.of(sizes)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Shape shape = inferTypes(call).getFirst().shape();
    int[] sizes = shape.intSizes();
    int rank = sizes.length - 2;
    Tensor theta = call.tensor(0);
    if (!theta.shape().equals(Shape.of(sizes[0], rank, rank + 1))) {
      throw new IllegalArgumentException(
          "theta is " + theta.shape() + ", but the grid is " + shape);
    }
    double[] maps = theta.toDoubles();
    int[] image = Arrays.copyOfRange(sizes, 1, rank + 1);
    int places = Arrays.stream(image).reduce(1, Math::multiplyExact);
    double[] grid = new double[Math.toIntExact(shape.elementCount())];
    double[] place = new double[rank + 1];
    place[rank] = 1;
    boolean aligned = call.attributes().isSet(ALIGN_CORNERS);
    for (int i = 0; i < grid.length; i += rank) {
      int rest = i / rank % places;
      for (int axis = rank - 1; axis >= 0; axis--) {
        place[rank - 1 - axis] = coordinate(rest % image[axis], image[axis], aligned);
        rest /= image[axis];
      }
      int map = i / rank / places * rank * (rank + 1);
      for (int row = 0; row < rank; row++) {
        for (int k = 0; k <= rank; k++) {
          grid[i + row] += maps[map + row * (rank + 1) + k] * place[k];
        }
      }
    }
    return List.of(Tensor.ofDoubles(theta.elementType(), shape, grid));
  }

  private static double coordinate(int index, int size, boolean aligned) {
    if (aligned) {
      return size == 1 ? -1 : 2.0 * index / (size - 1) - 1;
    }
    return (2.0 * index + 1) / size - 1;
  }

  @Override
  double gain(OpCall call) {
    ShapeValue size = BlockSizes.entries(call, 1);
    return size == null ? 4 : size.size() - 1;
  }

  @Override
  boolean hasNegativeWeights(OpCall call) {
    return true;
  }

  @Override
  double roundings(OpCall call) {
    return 16;
  }
}
