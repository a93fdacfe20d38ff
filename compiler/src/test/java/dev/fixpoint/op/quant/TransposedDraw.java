package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.TransposedGeometry;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A random small transposed convolution, and its accumulators by plain loops over every index, with
 * the rules of ONNX ConvTranspose (opset 22) written out.
 */
final class TransposedDraw {
  final int features;
  final Attributes attributes;
  final Shape output;

  private final Draws draws;
  private final int groups;
  private final int channels;
  private final int[] size = new int[2];
  private final int[] kernel = new int[2];
  private final int[] stride = new int[2];
  private final int[] dilation = new int[2];
  private final int[] begin = new int[2];
  private final int[] out = new int[2];
  private final Tensor x;
  private final Tensor w;
  private @Nullable Tensor xZero;
  private @Nullable Tensor wZero;

  TransposedDraw(Draws draws) {
    this.draws = draws;
    this.groups = draws.between(1, 3);
    this.channels = groups * draws.between(1, 3);
    this.features = groups * draws.between(1, 2);
    for (int d = 0; d < 2; d++) {
      size[d] = draws.between(1, 4);
      kernel[d] = draws.between(1, 3);
      stride[d] = draws.between(1, 4);
      dilation[d] = draws.between(1, 3);
    }
    Attributes common =
        Attributes.NONE
            .with(SlidingWindow.GROUP, (long) groups)
            .with(SlidingWindow.STRIDES, longs(stride))
            .with(SlidingWindow.DILATIONS, longs(dilation));
    this.attributes =
        switch (draws.between(0, 3)) {
          case 0 -> same(common);
          case 1 -> valid(common);
          case 2 -> shaped(common);
          default -> padded(common);
        };
    this.output = Shape.of(draws.between(1, 2), features, out[0], out[1]);
    this.x = draws.integers(draws.bytes(), Shape.of(output.size(0), channels, size[0], size[1]));
    this.w =
        draws.integers(draws.bytes(), Shape.of(channels, features / groups, kernel[0], kernel[1]));
  }

  private int extent(int d) {
    return (kernel[d] - 1) * dilation[d] + 1;
  }

  /** Size of the result without pads. */
  private int full(int d) {
    return stride[d] * (size[d] - 1) + extent(d);
  }

  private Attributes same(Attributes common) {
    boolean upper = draws.maybe();
    for (int d = 0; d < 2; d++) {
      out[d] = size[d] * stride[d];
      int total = Math.max(0, full(d) - out[d]);
      begin[d] = upper ? total / 2 : total - total / 2;
    }
    return common.with(SlidingWindow.AUTO_PAD, upper ? "SAME_UPPER" : "SAME_LOWER");
  }

  private Attributes valid(Attributes common) {
    for (int d = 0; d < 2; d++) {
      out[d] = full(d);
    }
    return common.with(SlidingWindow.AUTO_PAD, "VALID");
  }

  private Attributes shaped(Attributes common) {
    for (int d = 0; d < 2; d++) {
      out[d] = Math.max(1, full(d) + draws.between(-2, 2));
      int total = Math.max(0, full(d) - out[d]);
      begin[d] = total - total / 2;
    }
    return common.with(TransposedGeometry.OUTPUT_SHAPE, longs(out));
  }

  private Attributes padded(Attributes common) {
    int[] pads = new int[4];
    int[] more = new int[2];
    for (int d = 0; d < 2; d++) {
      more[d] = draws.between(0, Math.max(stride[d], dilation[d]) - 1);
      int room = full(d) + more[d] - 1;
      pads[d] = begin[d] = Math.min(room, draws.between(0, 2));
      pads[d + 2] = Math.min(room - pads[d], draws.between(0, 2));
      out[d] = full(d) + more[d] - pads[d] - pads[d + 2];
    }
    return common
        .with(SlidingWindow.PADS, longs(pads))
        .with(TransposedGeometry.OUTPUT_PADDING, longs(more));
  }

  private static List<Long> longs(int[] values) {
    return Arrays.stream(values).mapToObj(v -> (long) v).toList();
  }

  /** Puts operands with scales and zero points at their positions among the inputs. */
  void fill(@Nullable Tensor[] inputs) {
    inputs[0] = x;
    inputs[1] = draws.scales(1);
    inputs[2] = xZero = draws.maybe() ? draws.zeroPoints(x.elementType(), 1) : null;
    inputs[3] = w;
    inputs[4] = draws.scales(draws.maybe() ? features : 1);
    inputs[5] = wZero = draws.maybe() ? draws.zeroPoints(w.elementType(), 1) : null;
  }

  /** The output channel of a flat position. */
  int channel(int flat) {
    return flat / (out[0] * out[1]) % features;
  }

  /** The sum of products at a flat position of the output. */
  long accumulator(int flat) {
    return sum(flat, false);
  }

  /** The sum of their magnitudes. */
  long magnitude(int flat) {
    return sum(flat, true);
  }

  private long sum(int flat, boolean magnitudes) {
    int column = flat % out[1];
    int row = flat / out[1] % out[0];
    int m = channel(flat);
    int n = flat / (features * out[0] * out[1]);
    int depth = channels / groups;
    int maps = features / groups;
    long sum = 0;
    for (int c = m / maps * depth; c < (m / maps + 1) * depth; c++) {
      for (int y = 0; y < size[0]; y++) {
        for (int z = 0; z < size[1]; z++) {
          for (int i = 0; i < kernel[0]; i++) {
            for (int j = 0; j < kernel[1]; j++) {
              if (y * stride[0] + i * dilation[0] - begin[0] == row
                  && z * stride[1] + j * dilation[1] - begin[1] == column) {
                long product =
                    (long)
                        ((x.get(n, c, y, z) - zero(xZero))
                            * (w.get(c, m % maps, i, j) - zero(wZero)));
                sum += magnitudes ? Math.abs(product) : product;
              }
            }
          }
        }
      }
    }
    return sum;
  }

  private static double zero(@Nullable Tensor zero) {
    return zero == null ? 0 : zero.doubleAt(0);
  }
}
