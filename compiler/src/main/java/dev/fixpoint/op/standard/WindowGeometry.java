package dev.fixpoint.op.standard;

import dev.fixpoint.op.Affine;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.tensor.Dimension;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the windows of a convolution or pooling lie, one {@link Axis} for each spatial dimension.
 * The rules are those of ONNX Conv (opset 22) and MaxPool (opset 22): explicit pads or {@code
 * auto_pad}, dilation, and for pools {@code ceil_mode}, in which a window that would start beyond
 * the input and its leading pad is dropped.
 *
 * @param axes geometry of each spatial dimension, in order
 */
public record WindowGeometry(List<Axis> axes) {
  /** How pads are chosen: NOTSET, VALID, SAME_UPPER or SAME_LOWER. */
  public static final Attribute<String> AUTO_PAD = Attribute.ofString("auto_pad", "NOTSET");

  /** Whether a last window that is not filled counts. */
  public static final Attribute<Long> CEIL_MODE = Attribute.ofInt("ceil_mode", 0);

  /** Distance of neighbouring taps; 1 where absent. */
  public static final Attribute<List<Long>> DILATIONS = Attribute.ofInts("dilations");

  /** Number of taps along each spatial dimension. */
  public static final Attribute<List<Long>> KERNEL_SHAPE = Attribute.ofInts("kernel_shape");

  /** Leading pads of all spatial dimensions, then trailing ones; 0 where absent. */
  public static final Attribute<List<Long>> PADS = Attribute.ofInts("pads");

  /** Distance of neighbouring windows; 1 where absent. */
  public static final Attribute<List<Long>> STRIDES = Attribute.ofInts("strides");

  private static final int DEFAULT_RANK = 3;

  /**
   * The windows along one dimension.
   *
   * @param input size of the input
   * @param kernel number of taps
   * @param stride distance of neighbouring windows
   * @param dilation distance of neighbouring taps
   * @param padBegin positions before the input
   * @param padEnd positions after the input
   * @param output number of windows
   */
  public record Axis(
      int input, int kernel, int stride, int dilation, int padBegin, int padEnd, int output) {
    /** The axis that has one position and one window. */
    public static final Axis POINT = new Axis(1, 1, 1, 1, 0, 0, 1);

    /** Position of the first tap of a window; negative inside the leading pad. */
    public int start(int window) {
      return window * stride - padBegin;
    }

    /** The first window for which a tap lies inside the input. */
    public int firstWindow(int tap) {
      long offset = (long) padBegin - (long) tap * dilation;
      return (int) Math.clamp(Math.ceilDiv(offset, (long) stride), 0, (long) output);
    }

    /** The window after the last one for which a tap lies inside the input. */
    public int endWindow(int tap) {
      long offset = (long) padBegin - (long) tap * dilation + input - 1;
      return (int) Math.clamp(Math.floorDiv(offset, (long) stride) + 1, 0, (long) output);
    }

    /** The first tap of a window that lies inside the input. */
    public int firstTap(int window) {
      return Math.clamp(Math.ceilDiv(-start(window), dilation), 0, kernel);
    }

    /** The tap after the last one of a window that lies inside the input. */
    public int endTap(int window) {
      return Math.clamp(Math.floorDiv(input - 1 - start(window), dilation) + 1, 0, kernel);
    }

    /** The tap after the last one of a window that lies inside the input or its pads. */
    public int endPaddedTap(int window) {
      long last = (long) input + padEnd - 1 - start(window);
      return (int) Math.clamp(Math.floorDiv(last, (long) dilation) + 1, 0, (long) kernel);
    }

    /** Whether some window has no tap inside the input. */
    boolean hasEmptyWindow() {
      return IntStream.range(0, output).anyMatch(window -> firstTap(window) >= endTap(window));
    }

    /** Whether every tap of every window lies inside the input, one beside the other. */
    boolean isPointwise() {
      return kernel == 1 && stride == 1 && padBegin == 0 && padEnd == 0;
    }
  }

  /** Keeps an immutable copy. */
  public WindowGeometry {
    axes = List.copyOf(axes);
  }

  /**
   * The geometry of a call.
   *
   * @param attributes attributes of the call
   * @param input sizes of the spatial dimensions
   * @param kernel taps along each of them
   * @throws IllegalArgumentException if an attribute is malformed or a window does not fit
   */
  public static WindowGeometry of(Attributes attributes, int[] input, int[] kernel) {
    WindowRule rule = WindowRule.of(attributes, kernel);
    Axis[] axes = new Axis[input.length];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = rule.axis(i, input[i]);
    }
    return new WindowGeometry(Arrays.asList(axes));
  }

  /**
   * The sizes of the output along each spatial dimension. A symbolic size stays a symbol, or an
   * affine expression of it, where the windows have stride 1; else it is unknown.
   *
   * @param kernel taps along each dimension, or null where not known
   */
  public static List<Dimension> outputSizes(
      Attributes attributes, List<Dimension> input, int @Nullable [] kernel) {
    if (kernel == null) {
      return input.stream().map(_ -> Dimension.UNKNOWN).toList();
    }
    WindowRule rule = WindowRule.of(attributes, kernel);
    Dimension[] output = new Dimension[input.size()];
    for (int i = 0; i < output.length; i++) {
      output[i] =
          switch (input.get(i)) {
            case Dimension.Fixed fixed ->
                Dimension.of(rule.axis(i, Math.toIntExact(fixed.size())).output());
            case Dimension.Symbolic symbolic -> {
              Long growth = rule.growth(i);
              yield growth == null
                  ? Dimension.UNKNOWN
                  : Affine.of(symbolic.name()).plus(Affine.of(growth)).dimension();
            }
            case Dimension.Unknown unknown -> unknown;
          };
    }
    return Arrays.asList(output);
  }

  /** Number of windows along each dimension. */
  public int[] output() {
    return axes.stream().mapToInt(Axis::output).toArray();
  }

  /** Number of positions of the input. */
  public int inputCount() {
    return axes.stream().mapToInt(Axis::input).reduce(1, Math::multiplyExact);
  }

  /** Number of windows. */
  public int outputCount() {
    return axes.stream().mapToInt(Axis::output).reduce(1, Math::multiplyExact);
  }

  /** Number of taps. */
  public int kernelCount() {
    return axes.stream().mapToInt(Axis::kernel).reduce(1, Math::multiplyExact);
  }

  /**
   * The same windows with three dimensions, the form in which loops are written.
   *
   * @throws IllegalArgumentException if there are more than three
   */
  public WindowGeometry inThreeDimensions() {
    int missing = DEFAULT_RANK - axes.size();
    if (missing < 0) {
      throw new IllegalArgumentException(
          "windows over " + axes.size() + " spatial dimensions are not supported, only up to 3");
    }
    Axis[] padded = new Axis[DEFAULT_RANK];
    Arrays.fill(padded, 0, missing, Axis.POINT);
    for (int i = missing; i < DEFAULT_RANK; i++) {
      padded[i] = axes.get(i - missing);
    }
    return new WindowGeometry(Arrays.asList(padded));
  }
}
