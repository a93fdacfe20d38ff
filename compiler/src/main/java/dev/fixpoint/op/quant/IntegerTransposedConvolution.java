package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.TransposedGeometry;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exact integer transpose of a convolution. Operands are integers less their zero points; each
 * input element is spread over the output through the taps, so that what no tap reaches is 0.
 *
 * @param windows windows from the output to the input, in three dimensions
 * @param groups groups of channels that are convolved on their own
 * @param x input {@code [N, channels, spatial]} less its zero point
 * @param channels channels of the input
 * @param w weights {@code [features, channels / groups, kernel]} less their zero point
 * @param shape shape of the output
 * @param bias bias of each feature, or null
 */
record IntegerTransposedConvolution(
    WindowGeometry windows,
    int groups,
    int[] x,
    int channels,
    int[] w,
    Shape shape,
    int @Nullable [] bias) {

  /**
   * The transposed convolution of two quantized tensors.
   *
   * @param x input {@code [N, C, spatial]}
   * @param w weights {@code [C, M / group, kernel]} with one zero point
   * @param bias int32 bias {@code [M]}, or null
   */
  static IntegerTransposedConvolution of(
      Attributes attributes, Quantized x, Quantized w, @Nullable Tensor bias) {
    Shape input = x.tensor().shape();
    Shape weights = w.tensor().shape();
    Shape output = infer(attributes, input, weights);
    int[] kernel = Arrays.copyOfRange(weights.intSizes(), 2, weights.rank());
    WindowGeometry windows =
        new TransposedGeometry(attributes, kernel)
            .windows(
                Arrays.copyOfRange(input.intSizes(), 2, input.rank()),
                Arrays.copyOfRange(output.intSizes(), 2, output.rank()));
    int groups = attributes.getInt(SlidingWindow.GROUP);
    int @Nullable [] biases = bias == null ? null : Quantized.integers(bias);
    if (biases != null && biases.length != output.intSize(1)) {
      throw new IllegalArgumentException(
          "bias has " + biases.length + " entries for " + output.intSize(1) + " features");
    }
    return new IntegerTransposedConvolution(
        windows.inThreeDimensions(),
        groups,
        x.centred(),
        input.intSize(1),
        byFeature(w.centred(), weights, groups),
        output,
        biases);
  }

  /** The shape of the output for an input and weights of shapes that may be unknown. */
  static Shape infer(Attributes attributes, Shape x, Shape w) {
    if (!x.isRanked() || !w.isRanked()) {
      return x.isRanked() ? Shape.ofRank(x.rank()) : Shape.UNRANKED;
    }
    long groups = attributes.get(SlidingWindow.GROUP);
    boolean fits =
        x.rank() >= 3
            && x.rank() <= 5
            && w.rank() == x.rank()
            && x.dimension(1).isCompatibleWith(w.dimension(0))
            && groups >= 1
            && (!w.dimension(0).isFixed() || w.size(0) % groups == 0);
    if (!fits) {
      throw new IllegalArgumentException(
          "cannot spread shape " + x + " through weights " + w + " in " + groups + " groups");
    }
    List<Dimension> sizes = new ArrayList<>();
    sizes.add(x.dimension(0));
    sizes.add(
        w.dimension(1).isFixed()
            ? Dimension.of(Math.multiplyExact(w.size(1), groups))
            : Dimension.UNKNOWN);
    List<Dimension> kernel = SlidingWindow.kernel(attributes, w.dimensions().subList(2, w.rank()));
    List<Dimension> spatial = x.dimensions().subList(2, x.rank());
    if (!Shape.of(kernel).isStatic()) {
      sizes.addAll(Shape.ofRank(spatial.size()).dimensions());
    } else {
      int[] taps = Shape.of(kernel).intSizes();
      sizes.addAll(new TransposedGeometry(attributes, taps).outputSizes(spatial));
    }
    return Shape.of(sizes);
  }

  /**
   * Weights in the order of the features that they make.
   *
   * @param w weights of the shape {@code [C, M / group, kernel]}
   * @return {@code [M, C / group, kernel]}
   */
  static int[] byFeature(int[] w, Shape shape, int groups) {
    int depth = shape.intSize(0) / groups;
    int columns = shape.intSize(1);
    int taps = columns == 0 || w.length == 0 ? 0 : w.length / shape.intSize(0) / columns;
    int[] moved = new int[w.length];
    for (int group = 0; group < groups; group++) {
      for (int c = 0; c < depth; c++) {
        for (int m = 0; m < columns; m++) {
          int from = ((group * depth + c) * columns + m) * taps;
          int to = ((group * columns + m) * depth + c) * taps;
          System.arraycopy(w, from, moved, to, taps);
        }
      }
    }
    return moved;
  }

  /**
   * Convolves and hands over every plane of accumulators.
   *
   * @param wide whether accumulators may have 64 bits
   * @throws ArithmeticException if an accumulator does not fit
   */
  void forEachPlane(boolean wide, IntegerConvolution.PlaneConsumer consumer) {
    int features = shape.intSize(1);
    long[] plane = new long[windows.inputCount()];
    for (int n = 0; n < shape.intSize(0); n++) {
      for (int m = 0; m < features; m++) {
        accumulate(n, m, plane);
        for (int i = 0; i < plane.length && !wide; i++) {
          plane[i] = IntegerProduct.accumulator(plane[i]);
        }
        consumer.accept(m, (n * features + m) * plane.length, plane);
      }
    }
  }

  private void accumulate(int image, int feature, long[] plane) {
    Arrays.fill(plane, bias == null ? 0 : bias[feature]);
    int depth = channels / groups;
    int first = feature / (shape.intSize(1) / groups) * depth;
    int taps = windows.kernelCount();
    for (int c = 0; c < depth; c++) {
      int offset = (image * channels + first + c) * windows.outputCount();
      for (int tap = 0; tap < taps; tap++) {
        spread(tap, w[(feature * depth + c) * taps + tap], offset, plane);
      }
    }
  }

  /** Adds a plane of the input, times a weight, where one tap puts it. */
  private void spread(int tap, int weight, int offset, long[] plane) {
    WindowGeometry.Axis depth = windows.axes().get(0);
    WindowGeometry.Axis rows = windows.axes().get(1);
    WindowGeometry.Axis columns = windows.axes().get(2);
    int kx = tap % columns.kernel();
    int ky = tap / columns.kernel() % rows.kernel();
    int kz = tap / columns.kernel() / rows.kernel();
    for (int iz = depth.firstWindow(kz); iz < depth.endWindow(kz); iz++) {
      int oz = depth.start(iz) + kz * depth.dilation();
      for (int iy = rows.firstWindow(ky); iy < rows.endWindow(ky); iy++) {
        int oy = rows.start(iy) + ky * rows.dilation();
        int from = offset + (iz * rows.output() + iy) * columns.output();
        int to = (oz * rows.input() + oy) * columns.input() + kx * columns.dilation();
        for (int ix = columns.firstWindow(kx); ix < columns.endWindow(kx); ix++) {
          plane[to + columns.start(ix)] += (long) weight * x[from + ix];
        }
      }
    }
  }
}
