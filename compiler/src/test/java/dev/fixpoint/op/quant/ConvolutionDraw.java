package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A random small convolution, and its accumulators by plain loops over every index. */
final class ConvolutionDraw {
  final int features;
  final Attributes attributes;
  final Shape output;
  final boolean perChannelScale;
  final boolean perChannelZero;

  private final Draws draws;
  private final int groups;
  private final int channels;
  private final int[] size = new int[2];
  private final int[] kernel = new int[2];
  private final int[] stride = new int[2];
  private final int[] dilation = new int[2];
  private final int[] pad = new int[4];
  private final Tensor x;
  private final Tensor w;
  private @Nullable Tensor xZero;
  private @Nullable Tensor wZero;

  ConvolutionDraw(Draws draws) {
    this.draws = draws;
    this.groups = draws.between(1, 3);
    this.channels = groups * draws.between(1, 3);
    this.features = groups * draws.between(1, 2);
    int images = draws.between(1, 2);
    int[] out = new int[2];
    for (int d = 0; d < 2; d++) {
      kernel[d] = draws.between(1, 3);
      stride[d] = draws.between(1, 3);
      dilation[d] = draws.between(1, 2);
      pad[d] = draws.between(0, 3);
      pad[d + 2] = draws.between(0, 2);
      int reach = dilation[d] * (kernel[d] - 1) + 1;
      size[d] = Math.max(1, reach - pad[d] - pad[d + 2] + draws.between(0, 4));
      out[d] = (size[d] + pad[d] + pad[d + 2] - reach) / stride[d] + 1;
    }
    this.output = Shape.of(images, features, out[0], out[1]);
    this.x = draws.integers(draws.bytes(), Shape.of(images, channels, size[0], size[1]));
    this.w =
        draws.integers(draws.bytes(), Shape.of(features, channels / groups, kernel[0], kernel[1]));
    this.perChannelScale = draws.maybe();
    this.perChannelZero = draws.maybe();
    this.attributes =
        Attributes.NONE
            .with(SlidingWindow.GROUP, (long) groups)
            .with(SlidingWindow.STRIDES, longs(stride))
            .with(SlidingWindow.DILATIONS, longs(dilation))
            .with(SlidingWindow.PADS, longs(pad));
  }

  private static List<Long> longs(int[] values) {
    return java.util.Arrays.stream(values).mapToObj(v -> (long) v).toList();
  }

  /** Puts operands with scales and zero points at two positions of the inputs. */
  void fill(@Nullable Tensor[] inputs, int xAt, int wAt) {
    inputs[xAt] = x;
    inputs[xAt + 1] = draws.scales(1);
    inputs[xAt + 2] = xZero = draws.maybe() ? draws.zeroPoints(x.elementType(), 1) : null;
    inputs[wAt] = w;
    inputs[wAt + 1] = draws.scales(perChannelScale ? features : 1);
    inputs[wAt + 2] = wZero = weightZero();
  }

  /** Puts operands with zero points only. */
  void fillUnscaled(@Nullable Tensor[] inputs) {
    inputs[0] = x;
    inputs[1] = w;
    inputs[2] = xZero = draws.maybe() ? draws.zeroPoints(x.elementType(), 1) : null;
    inputs[3] = wZero = weightZero();
  }

  private @Nullable Tensor weightZero() {
    ElementType type = w.elementType();
    return draws.maybe() ? draws.zeroPoints(type, perChannelZero ? features : 1) : null;
  }

  /** The output channel of a flat position. */
  int channel(int flat) {
    return (int) (flat / (output.size(2) * output.size(3)) % features);
  }

  /** The sum of products at a flat position of the output. */
  long accumulator(int flat) {
    int column = (int) (flat % output.size(3));
    int row = (int) (flat / output.size(3) % output.size(2));
    int m = channel(flat);
    int n = (int) (flat / (output.size(1) * output.size(2) * output.size(3)));
    int depth = channels / groups;
    int first = m / (features / groups) * depth;
    long sum = 0;
    for (int c = 0; c < depth; c++) {
      for (int i = 0; i < kernel[0]; i++) {
        for (int j = 0; j < kernel[1]; j++) {
          int y = row * stride[0] - pad[0] + i * dilation[0];
          int z = column * stride[1] - pad[1] + j * dilation[1];
          boolean inside = y >= 0 && z >= 0 && y < size[0] && z < size[1];
          double value = inside ? x.get(n, first + c, y, z) - zero(xZero, 0) : 0;
          sum += (long) (value * (w.get(m, c, i, j) - zero(wZero, m)));
        }
      }
    }
    return sum;
  }

  private static double zero(@Nullable Tensor zeros, int channel) {
    if (zeros == null) {
      return 0;
    }
    return zeros.doubleAt(zeros.elementCount() == 1 ? 0 : channel);
  }
}
