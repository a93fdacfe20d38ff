package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
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
import org.jspecify.annotations.Nullable;

/**
 * Col2Im of ONNX (opset 18): columns {@code [N, C · taps, windows]} added up to an image {@code
 * [N,C,…]} at the places where a convolution's windows would have taken them from.
 */
public final class Col2Im extends WeighingOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Col2Im")
          .versions(18)
          .input("input", Types.FLOATS)
          .input("image_shape", Types.INT64)
          .input("block_shape", Types.INT64)
          .output("output", Types.FLOATS)
          .attributes(WindowGeometry.DILATIONS, WindowGeometry.PADS, WindowGeometry.STRIDES)
          .doc("Columns added up to an image.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType columns = call.type(0);
    ShapeValue image = BlockSizes.entries(call, 1);
    ShapeValue block = BlockSizes.entries(call, 2);
    if (image == null) {
      return List.of(columns.withShape(Shape.UNRANKED));
    }
    Shape shape = columns.shape();
    long[] taps = block == null ? null : block.numbers();
    List<Dimension> sizes = new ArrayList<>();
    sizes.add(shape.isRanked() ? shape.dimension(0) : Dimension.UNKNOWN);
    sizes.add(
        shape.isRanked() && taps != null
            ? BlockSizes.divided(shape.dimension(1), count(taps))
            : Dimension.UNKNOWN);
    for (int i = 0; i < image.size(); i++) {
      sizes.add(image.dimension(i));
    }
    return List.of(columns.withShape(Shape.of(sizes)));
  }

  private static long count(long... taps) {
    long count = Arrays.stream(taps).reduce(1, Math::multiplyExact);
    if (count < 1) {
      throw new IllegalArgumentException("block_shape cannot be " + Arrays.toString(taps));
    }
    return count;
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor columns = call.tensor(0);
    Shape shape = inferTypes(call).getFirst().shape();
    int[] block = ints(call.tensor(2));
    int[] image = ints(call.tensor(1));
    Attributes attributes = call.attributes();
    WindowGeometry windows = WindowGeometry.of(attributes, image, block).inThreeDimensions();
    int taps = windows.kernelCount();
    int count = windows.outputCount();
    if (!columns.shape().equals(Shape.of(shape.size(0), shape.size(1) * taps, count))) {
      throw new IllegalArgumentException(
          "input is " + columns.shape() + ", but the image has " + count + " windows");
    }
    double[] x = columns.toDoubles();
    double[] y = new double[Math.toIntExact(shape.elementCount())];
    int plane = windows.inputCount();
    int[] positions = positions(windows);
    for (int column = 0; column < x.length / count; column++) {
      int tap = column % taps;
      for (int window = 0; window < count; window++) {
        int position = positions[tap * count + window];
        if (position >= 0) {
          y[column / taps * plane + position] += x[column * count + window];
        }
      }
    }
    return List.of(Tensor.ofDoubles(columns.elementType(), shape, y));
  }

  private static int[] ints(Tensor tensor) {
    return Arrays.stream(tensor.toLongs()).mapToInt(Math::toIntExact).toArray();
  }

  /** The place in the image of each tap of each window, or -1 in the pads. */
  private static int[] positions(WindowGeometry windows) {
    int count = windows.outputCount();
    int[] positions = new int[windows.kernelCount() * count];
    for (int i = 0; i < positions.length; i++) {
      int tap = i / count;
      int window = i % count;
      int stride = 1;
      for (int axis = 2; axis >= 0 && positions[i] >= 0; axis--) {
        WindowGeometry.Axis of = windows.axes().get(axis);
        int at = of.start(window % of.output()) + tap % of.kernel() * of.dilation();
        boolean inside = at >= 0 && at < of.input();
        positions[i] = inside ? positions[i] + at * stride : -1;
        stride *= of.input();
        tap /= of.kernel();
        window /= of.output();
      }
    }
    return positions;
  }

  private static long @Nullable [] taps(OpCall call) {
    ShapeValue block = BlockSizes.entries(call, 2);
    return block == null ? null : block.numbers();
  }

  @Override
  double gain(OpCall call) {
    long[] taps = taps(call);
    return taps == null ? Double.POSITIVE_INFINITY : count(taps);
  }

  @Override
  double roundings(OpCall call) {
    return 2 * gain(call);
  }
}
