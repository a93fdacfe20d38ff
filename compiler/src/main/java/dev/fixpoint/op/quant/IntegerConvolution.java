package dev.fixpoint.op.quant;

import dev.fixpoint.bound.Accumulator;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exact integer convolution. Operands are integers less their zero points, so that padding is
 * zero and taps outside the input vanish.
 *
 * @param window windows over one channel
 * @param groups groups of channels that are convolved on their own
 * @param x input {@code [N, channels, spatial]} less its zero point
 * @param channels channels of the input
 * @param w weights {@code [features, channels / groups, kernel]} less their zero points
 * @param features channels of the output
 * @param bias bias of each feature, or null
 */
record IntegerConvolution(
    SlidingWindow window,
    int groups,
    int[] x,
    int channels,
    int[] w,
    int features,
    int @Nullable [] bias) {

  /** Refuses groups and biases that do not fit. */
  IntegerConvolution {
    if (groups < 1 || channels % groups != 0 || features % groups != 0) {
      throw new IllegalArgumentException(
          groups + " groups do not divide " + channels + " channels and " + features + " features");
    }
    int length = window.taps() * (channels / groups);
    if (w.length != (long) features * length) {
      throw new IllegalArgumentException(
          "weights with "
              + w.length
              + " elements do not fit "
              + features
              + " features of "
              + length
              + " taps");
    }
    if (bias != null && bias.length != features) {
      throw new IllegalArgumentException(
          "bias has " + bias.length + " entries for " + features + " features");
    }
  }

  /**
   * The convolution of two quantized tensors.
   *
   * @param x input {@code [N, C, spatial]}
   * @param w weights {@code [M, C / group, kernel]}, with zero points for all or each feature
   * @param bias int32 bias {@code [M]}, or null
   */
  static IntegerConvolution of(
      Attributes attributes, Quantized x, Quantized w, @Nullable Tensor bias) {
    int[] input = x.tensor().shape().intSizes();
    int[] weights = w.tensor().shape().intSizes();
    if (input.length < 3 || weights.length != input.length) {
      throw new IllegalArgumentException(
          "cannot convolve " + x.tensor().type() + " with " + w.tensor().type());
    }
    int groups = attributes.getInt(SlidingWindow.GROUP);
    if (input[1] != weights[1] * groups) {
      throw new IllegalArgumentException(
          "input has "
              + input[1]
              + " channels, but the weights ask for "
              + weights[1]
              + " in each of "
              + groups
              + " groups");
    }
    SlidingWindow window =
        SlidingWindow.of(
            attributes,
            Arrays.copyOfRange(input, 2, input.length),
            Arrays.copyOfRange(weights, 2, weights.length));
    return new IntegerConvolution(
        window,
        groups,
        x.centred(),
        input[1],
        w.centred(0),
        weights[0],
        bias == null ? null : Quantized.integers(bias));
  }

  /** The shape of the output for an input and weights of shapes that may be unknown. */
  static Shape infer(Attributes attributes, Shape x, Shape w) {
    if (!x.isRanked() || !w.isRanked()) {
      return x.isRanked() ? Shape.ofRank(x.rank()) : Shape.UNRANKED;
    }
    if (x.rank() < 3 || w.rank() != x.rank()) {
      throw new IllegalArgumentException("cannot convolve shape " + x + " with shape " + w);
    }
    List<Dimension> output = new ArrayList<>();
    output.add(x.dimension(0));
    output.add(w.dimension(0));
    List<Dimension> kernel = SlidingWindow.kernel(attributes, w.dimensions().subList(2, w.rank()));
    output.addAll(SlidingWindow.infer(attributes, x.dimensions().subList(2, x.rank()), kernel));
    return Shape.of(output);
  }

  /** Multiply-accumulates of a convolution with the given output and weights; all shapes static. */
  static long multiplyAccumulates(Shape output, Shape w) {
    return output.elementCount() * (w.elementCount() / Math.max(1, w.size(0)));
  }

  /** The shape of the output for a number of images. */
  Shape outputShape(long images) {
    long[] spatial = window.outputSizes();
    long[] sizes = new long[spatial.length + 2];
    sizes[0] = images;
    sizes[1] = features;
    System.arraycopy(spatial, 0, sizes, 2, spatial.length);
    return Shape.of(sizes);
  }

  /** Receives the accumulators of one feature of one image. */
  interface PlaneConsumer {
    /**
     * Receives a plane.
     *
     * @param feature index of the output channel
     * @param offset where the plane starts in the output {@code [N, features, spatial]}
     * @param plane accumulators, valid during the call
     */
    void accept(int feature, int offset, long[] plane);
  }

  /**
   * Convolves and hands over every plane of accumulators.
   *
   * @param wide whether accumulators may have 64 bits
   * @throws ArithmeticException if an accumulator does not fit
   */
  void forEachPlane(int images, boolean wide, PlaneConsumer consumer) {
    int[] narrow = new int[window.outputCount()];
    long[] plane = new long[narrow.length];
    long magnitude = IntegerProduct.magnitude(x);
    for (int n = 0; n < images; n++) {
      for (int m = 0; m < features; m++) {
        if (fits(m, magnitude)) {
          accumulate(n, m, narrow);
          for (int i = 0; i < plane.length; i++) {
            plane[i] = narrow[i];
          }
        } else {
          accumulateWide(n, m, plane);
          for (int i = 0; i < plane.length && !wide; i++) {
            plane[i] = IntegerProduct.accumulator(plane[i]);
          }
        }
        consumer.accept(m, (n * features + m) * plane.length, plane);
      }
    }
  }

  private boolean fits(int feature, long magnitude) {
    int length = window.taps() * (channels / groups);
    long sum = 0;
    for (int i = feature * length; i < (feature + 1) * length; i++) {
      sum += Math.abs(w[i]);
    }
    return Accumulator.of(sum, magnitude, bias(feature)).fitsInt32();
  }

  private int bias(int feature) {
    return bias == null ? 0 : bias[feature];
  }

  private void accumulate(int image, int feature, int[] plane) {
    Arrays.fill(plane, bias(feature));
    int depth = channels / groups;
    int first = feature / (features / groups) * depth;
    for (int c = 0; c < depth; c++) {
      int offset = (image * channels + first + c) * window.inputCount();
      int weights = (feature * depth + c) * window.taps();
      for (int tap = 0; tap < window.taps(); tap++) {
        window.add(tap, w[weights + tap], x, offset, plane);
      }
    }
  }

  private void accumulateWide(int image, int feature, long[] wide) {
    Arrays.fill(wide, bias(feature));
    int depth = channels / groups;
    int first = feature / (features / groups) * depth;
    for (int c = 0; c < depth; c++) {
      int offset = (image * channels + first + c) * window.inputCount();
      int weights = (feature * depth + c) * window.taps();
      for (int tap = 0; tap < window.taps(); tap++) {
        window.addWide(tap, w[weights + tap], x, offset, wide);
      }
    }
  }
}
