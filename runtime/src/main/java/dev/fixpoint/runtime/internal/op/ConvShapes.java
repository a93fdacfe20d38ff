package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.tensor.Shape;
import java.util.Arrays;

/** The geometry of convolutions over one or two spatial dimensions, and the order of weights. */
final class ConvShapes {
  private static final Attribute<Long> GROUP = Attribute.ofInt("group", 1);

  private ConvShapes() {}

  /** Whether shapes are static, of rank 3 or 4, and not empty. */
  static boolean areSupported(KernelCall call, int weights) {
    Shape x = call.shape(0);
    Shape w = call.shape(weights);
    return x.isStatic()
        && w.isStatic()
        && (x.rank() == 3 || x.rank() == 4)
        && w.rank() == x.rank()
        && x.elementCount() > 0
        && w.elementCount() > 0
        && call.outputType().shape().isStatic()
        && call.outputType().shape().elementCount() > 0;
  }

  static int groups(KernelCall call) {
    return Math.toIntExact(call.get(GROUP));
  }

  /** The geometry of the first group. */
  static ConvGeometry geometry(KernelCall call, int weights) {
    int[] x = call.shape(0).intSizes();
    int[] w = call.shape(weights).intSizes();
    int[] input = Arrays.copyOfRange(x, 2, x.length);
    int[] kernel = Arrays.copyOfRange(w, 2, w.length);
    WindowGeometry windows = WindowGeometry.of(call.call().attributes(), input, kernel);
    WindowGeometry.Axis width = windows.axes().getLast();
    WindowGeometry.Axis height =
        input.length == 2 ? windows.axes().getFirst() : WindowGeometry.Axis.POINT;
    return new ConvGeometry(
        x[0],
        height.input(),
        width.input(),
        w[1],
        x[1],
        0,
        height.kernel(),
        width.kernel(),
        height.stride(),
        width.stride(),
        height.dilation(),
        width.dilation(),
        height.padBegin(),
        width.padBegin(),
        height.output(),
        width.output(),
        w[0],
        0);
  }

  /**
   * Weights of some output channels as the primitives want them: kernel positions outside, channels
   * inside.
   *
   * @param weights [M, channels, positions]
   */
  static byte[] channelsInside(
      byte[] weights, int firstColumn, int columns, int channels, int positions) {
    int depth = channels * positions;
    byte[] moved = new byte[columns * depth];
    for (int m = 0; m < columns; m++) {
      int from = (firstColumn + m) * depth;
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < positions; p++) {
          moved[m * depth + p * channels + c] = weights[from + c * positions + p];
        }
      }
    }
    return moved;
  }

  /** As the other {@code channelsInside}, for floats. */
  static float[] channelsInside(
      float[] weights, int firstColumn, int columns, int channels, int positions) {
    int depth = channels * positions;
    float[] moved = new float[columns * depth];
    for (int m = 0; m < columns; m++) {
      int from = (firstColumn + m) * depth;
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < positions; p++) {
          moved[m * depth + p * channels + c] = weights[from + c * positions + p];
        }
      }
    }
    return moved;
  }

  /** Output rows that are worth cutting among threads rather than output columns. */
  static boolean cutsRows(ConvGeometry g) {
    return g.outRows() >= 2 && (long) g.outRows() * g.outWidth() >= 128;
  }
}
