package dev.fixpoint.op.standard;

import dev.fixpoint.op.Affine;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.tensor.Dimension;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a transposed convolution puts its products: as the windows of the convolution that goes the
 * other way, from the result to X. The rules are those of ONNX ConvTranspose (opset 22).
 */
public final class TransposedGeometry {
  /** Positions added at the end of each spatial dimension of the result. */
  public static final Attribute<List<Long>> OUTPUT_PADDING = Attribute.ofInts("output_padding");

  /** Sizes of the result's spatial dimensions, from which pads follow. */
  public static final Attribute<List<Long>> OUTPUT_SHAPE = Attribute.ofInts("output_shape");

  private final Attributes attributes;
  private final int[] kernel;
  private final int[] strides;
  private final int[] dilations;
  private final int[] pads;
  private final int[] outputPadding;
  private final int @Nullable [] outputShape;
  private final String autoPad;

  /**
   * The rule of a call.
   *
   * @param kernel taps along each spatial dimension
   * @throws IllegalArgumentException if an attribute is malformed
   */
  public TransposedGeometry(Attributes attributes, int[] kernel) {
    int rank = kernel.length;
    this.attributes = attributes;
    this.kernel = kernel;
    this.strides = WindowRule.list(attributes, WindowGeometry.STRIDES, rank, 1, 1);
    this.dilations = WindowRule.list(attributes, WindowGeometry.DILATIONS, rank, 1, 1);
    this.pads = WindowRule.list(attributes, WindowGeometry.PADS, 2 * rank, 0, 0);
    this.outputPadding = WindowRule.list(attributes, OUTPUT_PADDING, rank, 0, 0);
    this.outputShape = outputShape(rank);
    this.autoPad = attributes.get(WindowGeometry.AUTO_PAD);
    var _ = WindowRule.of(attributes, kernel); // refuses what is malformed
  }

  /** The sizes asked for; those of batch and channels, which some files give, are left out. */
  private int @Nullable [] outputShape(int rank) {
    List<Long> given = attributes.find(OUTPUT_SHAPE);
    if (given == null || given.isEmpty()) {
      return null;
    }
    if (given.size() != rank && given.size() != rank + 2) {
      throw new IllegalArgumentException(
          "attribute 'output_shape' should have " + rank + " entries, but is " + given);
    }
    return given.subList(given.size() - rank, given.size()).stream()
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  private boolean isSame() {
    return autoPad.equals("SAME_UPPER") || autoPad.equals("SAME_LOWER");
  }

  private long extent(int i) {
    return (long) (kernel[i] - 1) * dilations[i] + 1;
  }

  /** The sizes of the result, as far as known. */
  public List<Dimension> outputSizes(List<Dimension> input) {
    List<Dimension> sizes = new ArrayList<>();
    for (int i = 0; i < kernel.length; i++) {
      Affine size = Axes.affine(input.get(i));
      if (outputShape != null) {
        sizes.add(Dimension.of(outputShape[i]));
      } else if (size == null) {
        sizes.add(Dimension.UNKNOWN);
      } else if (isSame()) {
        sizes.add(size.times(strides[i]).dimension());
      } else {
        long pad = autoPad.equals("VALID") ? 0 : (long) pads[i] + pads[i + kernel.length];
        long more = outputPadding[i] + extent(i) - strides[i] - pad;
        Affine output = size.times(strides[i]).plus(Affine.of(more));
        if (output.isConstant() && output.constant() < 0) {
          throw new IllegalArgumentException(
              "pads of " + pad + " leave nothing of spatial dimension " + i);
        }
        sizes.add(output.dimension());
      }
    }
    return sizes;
  }

  /** The windows from the result to X, for an X of known size. */
  public WindowGeometry windows(int[] input, int[] output) {
    List<WindowGeometry.Axis> axes = new ArrayList<>();
    for (int i = 0; i < kernel.length; i++) {
      long begin = autoPad.equals("VALID") ? 0 : pads[i];
      if (outputShape != null || isSame()) {
        long full = (long) strides[i] * (input[i] - 1) + outputPadding[i] + extent(i);
        long total = Math.max(0, Math.toIntExact(full) - output[i]);
        begin = autoPad.equals("SAME_UPPER") ? total / 2 : total - total / 2;
      }
      axes.add(
          new WindowGeometry.Axis(
              output[i], kernel[i], strides[i], dilations[i], Math.toIntExact(begin), 0, input[i]));
    }
    return new WindowGeometry(axes);
  }
}
