package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * ConvTranspose and FusedConvTranspose of float32 with constant weights over channels-last images:
 * each row of the output is the sum of products of input rows with the rows of the kernel that meet
 * it, spread by the stride.
 */
final class ConvTransposeKernel implements Kernel {
  private static final Attribute<Long> GROUP = Attribute.ofInt("group", 1);
  private static final Attribute<List<Long>> OUTPUT_SHAPE = Attribute.ofInts("output_shape");
  private static final int RANK = 4;

  @Override
  public boolean supports(KernelCall call) {
    return call.isArrayCall()
        && call.element(0) == ElementType.FLOAT
        && call.isConstant(1)
        && call.isConstantOrAbsent(2)
        && call.shape(0).rank() == RANK
        && call.shape(0).elementCount() > 0
        && call.shape(1).elementCount() > 0
        && call.outputType().shape().elementCount() > 0
        && call.get(WindowGeometry.AUTO_PAD).equals("NOTSET")
        && call.call().attributes().find(OUTPUT_SHAPE) == null;
  }

  @Override
  public Layout layout(KernelCall call) {
    return Layout.CHANNELS_LAST;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    TransposedConvolution.Packed packed =
        call.packed().get(call.node(), TransposedConvolution.Packed.class, () -> pack(call));
    int[] strides = pair(call, WindowGeometry.STRIDES, 1);
    int[] dilations = pair(call, WindowGeometry.DILATIONS, 1);
    int[] pads = pair(call, WindowGeometry.PADS, 0);
    int[] kernel = call.shape(1).intSizes();
    return new TransposedConvolution(
        packed,
        Activation.of(call.call().attributes()),
        call.shape(0).intSizes(),
        call.outputType().shape().intSizes(),
        new TransposedConvolution.Axis(kernel[2], strides[0], dilations[0], pads[0]),
        new TransposedConvolution.Axis(kernel[3], strides[1], dilations[1], pads[1]));
  }

  /** The first two numbers of an attribute, or twice the same. */
  private static int[] pair(KernelCall call, Attribute<List<Long>> key, int absent) {
    List<Long> given = call.call().attributes().find(key);
    return given == null
        ? new int[] {absent, absent}
        : new int[] {Math.toIntExact(given.get(0)), Math.toIntExact(given.get(1))};
  }

  private static TransposedConvolution.Packed pack(KernelCall call) {
    Tensor w = call.tensor(1);
    Shape shape = w.shape();
    int groups = Math.toIntExact(call.get(GROUP));
    int channels = shape.intSize(0) / groups;
    int columns = shape.intSize(1);
    int height = shape.intSize(2);
    int width = shape.intSize(3);
    float[] values = w.toFloats();
    List<PackedWeights> rows = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      for (int ky = 0; ky < height; ky++) {
        float[] row = new float[width * columns * channels];
        for (int c = 0; c < channels; c++) {
          int from = (group * channels + c) * columns * height * width + ky * width;
          for (int m = 0; m < columns; m++) {
            for (int kx = 0; kx < width; kx++) {
              row[(kx * columns + m) * channels + c] = values[from + m * height * width + kx];
            }
          }
        }
        rows.add(
            Primitives.of(call.packed())
                .floats()
                .pack(
                    new FloatWeights(row, width * columns, channels, new float[width * columns])));
      }
    }
    float[] bias = call.has(2) ? call.tensor(2).toFloats() : new float[groups * columns];
    return new TransposedConvolution.Packed(
        rows, groups, bias, Epilogue.plain(Activation.NONE, false));
  }
}
