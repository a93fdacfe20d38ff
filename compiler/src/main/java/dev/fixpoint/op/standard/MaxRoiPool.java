package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * MaxRoiPool of ONNX (opset 22): regions of {@code X [N,C,H,W]} with whole coordinates, each
 * divided into bins, each bin the largest of its elements, or 0 without any. A region is {@code
 * [image, left, top, right, bottom]}, its edges inside.
 */
public final class MaxRoiPool extends WeighingOp {
  /** Bins along H and W. */
  public static final Attribute<List<Long>> POOLED_SHAPE =
      Attribute.ofInts("pooled_shape").required();

  /** Factor from a region's coordinates to those of X. */
  public static final Attribute<Float> SPATIAL_SCALE = Attribute.ofFloat("spatial_scale", 1);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("MaxRoiPool")
          .versions(1, 22)
          .input("X", Types.FLOATS)
          .input("rois", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(POOLED_SHAPE, SPATIAL_SCALE)
          .doc("Regions divided into bins, the largest element of each.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape x = call.type(0).shape();
    Shape rois = call.type(1).shape();
    List<Long> bins = call.get(POOLED_SHAPE);
    boolean fits =
        (!x.isRanked() || x.rank() == 4)
            && (!rois.isRanked()
                || (rois.rank() == 2 && rois.dimension(1).isCompatibleWith(Dimension.of(5))));
    if (!fits || bins.size() != 2) {
      throw new IllegalArgumentException("X is " + x + ", rois " + rois + ", bins " + bins);
    }
    return List.of(
        call.type(0)
            .withShape(
                Shape.of(
                    Arrays.asList(
                        rois.isRanked() ? rois.dimension(0) : Dimension.UNKNOWN,
                        x.isRanked() ? x.dimension(1) : Dimension.UNKNOWN,
                        Dimension.of(bins.get(0)),
                        Dimension.of(bins.get(1))))));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Shape shape = inferTypes(call).getFirst().shape();
    Tensor x = call.tensor(0);
    int height = x.shape().intSize(2);
    int width = x.shape().intSize(3);
    double[] values = x.toDoubles();
    double[] rois = call.tensor(1).toDoubles();
    double scale = call.get(SPATIAL_SCALE);
    int bins = shape.intSize(2) * shape.intSize(3);
    double[] y = new double[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < y.length; i++) {
      int roi = i / bins / shape.intSize(1);
      int channel = i / bins % shape.intSize(1);
      int bin = i % bins;
      int image = (int) rois[5 * roi];
      if (image < 0 || image >= x.shape().size(0)) {
        throw new IllegalArgumentException("region " + roi + " is of image " + image);
      }
      int[] across =
          edges(rois, 5 * roi + 1, scale, bin % shape.intSize(3), shape.intSize(3), width);
      int[] down =
          edges(rois, 5 * roi + 2, scale, bin / shape.intSize(3), shape.intSize(2), height);
      int plane = (image * shape.intSize(1) + channel) * height * width;
      y[i] = largest(values, plane, width, down, across);
    }
    return List.of(Tensor.ofDoubles(x.elementType(), shape, y));
  }

  /** The first position of a bin along one dimension, and the one after its last. */
  private static int[] edges(double[] rois, int at, double scale, int bin, int bins, int size) {
    double first = Math.floor(rois[at] * scale + 0.5);
    double last = Math.floor(rois[at + 2] * scale + 0.5);
    double step = Math.max(last - first + 1, 1) / bins;
    return new int[] {
      (int) Math.clamp(Math.floor(bin * step) + first, 0, size),
      (int) Math.clamp(Math.ceil((bin + 1) * step) + first, 0, size)
    };
  }

  private static double largest(double[] x, int plane, int width, int[] down, int[] across) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int row = down[0]; row < down[1]; row++) {
      for (int column = across[0]; column < across[1]; column++) {
        largest = Math.max(largest, x[plane + row * width + column]);
      }
    }
    return largest == Double.NEGATIVE_INFINITY ? 0 : largest;
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
