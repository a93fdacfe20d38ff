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
import java.util.Arrays;
import java.util.List;

/**
 * RoiAlign of ONNX (opset 22): regions of {@code X [N,C,H,W]}, each divided into bins, each bin the
 * mean of bilinear samples, or the largest weighted corner of one.
 */
public final class RoiAlign extends WeighingOp {
  /** Whether coordinates are moved by half an element. */
  public static final Attribute<String> COORDINATE_TRANSFORMATION_MODE =
      Attribute.ofString("coordinate_transformation_mode", "half_pixel");

  /** Mean or maximum of a bin. */
  public static final Attribute<String> MODE = Attribute.ofString("mode", "avg");

  /** Bins along H. */
  public static final Attribute<Long> OUTPUT_HEIGHT = Attribute.ofInt("output_height", 1);

  /** Bins along W. */
  public static final Attribute<Long> OUTPUT_WIDTH = Attribute.ofInt("output_width", 1);

  /** Samples along each edge of a bin; as many as elements where 0. */
  public static final Attribute<Long> SAMPLING_RATIO = Attribute.ofInt("sampling_ratio", 0);

  /** Factor from a region's coordinates to those of X. */
  public static final Attribute<Float> SPATIAL_SCALE = Attribute.ofFloat("spatial_scale", 1);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("RoiAlign")
          .versions(10, 16, 22)
          .input("X", Types.FLOATS)
          .input("rois", Types.FLOATS)
          .input("batch_indices", Types.INT64)
          .output("Y", Types.FLOATS)
          .attributes(
              COORDINATE_TRANSFORMATION_MODE,
              MODE,
              OUTPUT_HEIGHT,
              OUTPUT_WIDTH,
              SAMPLING_RATIO,
              SPATIAL_SCALE)
          .doc("Regions divided into bins of bilinear samples.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape x = call.type(0).shape();
    Shape rois = call.type(1).shape();
    Shape batches = call.type(2).shape();
    boolean fits =
        (!x.isRanked() || x.rank() == 4)
            && (!rois.isRanked()
                || (rois.isCompatibleWith(Shape.ofRank(2).with(1, Dimension.of(4)))
                    && batches.isCompatibleWith(Shape.of(List.of(rois.dimension(0))))));
    if (!fits) {
      throw new IllegalArgumentException(
          "X is " + x + ", but rois are " + rois + " of images " + batches);
    }
    return List.of(
        call.type(0)
            .withShape(
                Shape.of(
                    Arrays.asList(
                        rois.isRanked() ? rois.dimension(0) : Dimension.UNKNOWN,
                        x.isRanked() ? x.dimension(1) : Dimension.UNKNOWN,
                        Dimension.of(call.get(OUTPUT_HEIGHT)),
                        Dimension.of(call.get(OUTPUT_WIDTH))))));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Shape shape = inferTypes(call).getFirst().shape();
    Tensor x = call.tensor(0);
    boolean largest = call.get(MODE).equalsIgnoreCase("max");
    if (!largest && !call.get(MODE).equalsIgnoreCase("avg")) {
      throw new IllegalArgumentException("there is no mode '" + call.get(MODE) + "'");
    }
    double[] y = new double[Math.toIntExact(shape.elementCount())];
    double[] rois = call.tensor(1).toDoubles();
    long[] batches = call.tensor(2).toLongs();
    RoiSampler sampler = new RoiSampler(x, largest);
    int channels = shape.intSize(1);
    int bins = shape.intSize(2) * shape.intSize(3);
    for (int roi = 0; roi < shape.intSize(0); roi++) {
      int batch = Math.toIntExact(batches[roi]);
      if (batch < 0 || batch >= x.shape().size(0)) {
        throw new IllegalArgumentException("region " + roi + " is of image " + batch);
      }
      RoiBins edges = RoiBins.of(call, rois, roi * 4);
      for (int bin = 0; bin < bins; bin++) {
        sampler.moveTo(edges, bin / shape.intSize(3), bin % shape.intSize(3));
        for (int c = 0; c < channels; c++) {
          y[(roi * channels + c) * bins + bin] = sampler.sample(batch * channels + c);
        }
      }
    }
    return List.of(Tensor.ofDoubles(x.elementType(), shape, y));
  }

  @Override
  double gain(OpCall call) {
    return 1;
  }

  /** Coordinates are scaled up to the size of the image, and so are their roundings. */
  @Override
  double roundings(OpCall call) {
    double farthest = Range.ofTensor(call.tensor(1)).magnitude() * call.get(SPATIAL_SCALE);
    return 64 * (farthest + 4) + call.tensor(0).elementCount();
  }
}
