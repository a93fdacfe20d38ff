package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.bound.Accumulator;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * QConv with a float result whose input has a scale and a zero point that are computed when it
 * runs, without bias, residual and activation: what dynamic quantization makes of a convolution.
 */
final class DynamicConvKernel implements Kernel {
  private static final int X_SCALE = 1;
  private static final int X_ZERO = 2;
  private static final int W = 3;
  private static final int W_SCALE = 4;
  private static final int W_ZERO = 5;
  private static final int BIAS = 6;
  private static final int Y_SCALE = 7;
  private static final int RESIDUAL = 9;

  @Override
  public boolean supports(KernelCall call) {
    if (!Quantization.isByte(call, 0)
        || !Quantization.isByte(call, W)
        || !call.isConstant(W)
        || !ConvShapes.areSupported(call, W)
        || !Quantization.hasArrayOutput(call)
        || call.has(BIAS)
        || call.has(Y_SCALE)
        || call.has(RESIDUAL)
        || !Activation.of(call.call().attributes()).equals(Activation.NONE)) {
      return false;
    }
    int columns = call.shape(W).intSize(0);
    return DynamicProductKernel.isOne(call, X_SCALE)
        && (!call.has(X_ZERO) || DynamicProductKernel.isOne(call, X_ZERO))
        && Quantization.areConstant(call, W_SCALE, W_ZERO)
        && Quantization.isPerChannel(call, W_SCALE, columns)
        && Quantization.isPerChannel(call, W_ZERO, columns);
  }

  @Override
  public Layout layout(KernelCall call) {
    return Layout.CHANNELS_LAST;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    Packed packed = call.packed().get(call.node(), Packed.class, () -> pack(call));
    int columns = call.shape(W).intSize(0);
    ConvGeometry g = ConvShapes.geometry(call, W);
    int groups = packed.groups().size();
    List<ConvGeometry> geometries = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      ConvGeometry group = g.group(i, columns / groups);
      geometries.add(packed.isDepthwise() ? g : group.flattened());
    }
    return new DynamicConvolution(
        packed.groups(),
        geometries,
        Quantization.scales(call, W_SCALE, columns),
        null,
        X_SCALE,
        call.has(X_ZERO) ? X_ZERO : -1,
        W,
        PreparedConvolution.inputs(W, W_SCALE, W_ZERO));
  }

  /**
   * What is packed of a node, whatever the shape of its input.
   *
   * @param groups packed weights of each group; of a depthwise convolution only one
   * @param isDepthwise whether each group has one input channel
   */
  private record Packed(List<PackedWeights> groups, boolean isDepthwise) {}

  private static Packed pack(KernelCall call) {
    int groups = ConvShapes.groups(call);
    int columns = call.shape(W).intSize(0);
    if (call.shape(W).intSize(1) == 1 && groups > 1) {
      Int8Weights all = weights(call, 0, columns);
      if (fitsFloat(all)) {
        return new Packed(List.of(Primitives.of(call.packed()).int8().packDepthwise(all)), true);
      }
    }
    int each = columns / groups;
    List<PackedWeights> parts = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      parts.add(Primitives.of(call.packed()).int8().pack(weights(call, i * each, each)));
    }
    return new Packed(parts, false);
  }

  /** Whether sums are exact in float32 for every zero point of the input. */
  private static boolean fitsFloat(Int8Weights weights) {
    for (int c = 0; c < weights.columns(); c++) {
      if (!Accumulator.of(weights.magnitude(c), 256, 0).fitsFloat()) {
        return false;
      }
    }
    return true;
  }

  private static Int8Weights weights(KernelCall call, int first, int count) {
    Tensor w = call.tensor(W);
    int columns = w.shape().intSize(0);
    int channels = w.shape().intSize(1);
    int positions = Math.toIntExact(w.elementCount() / columns / channels);
    boolean unsigned = call.element(0) == ElementType.UINT8;
    int[] zeros = Quantization.zeros(call, W_ZERO, columns);
    return IntegerProofs.proved(
        new Int8Weights(
            ConvShapes.channelsInside(w.toBytes(), first, count, channels, positions),
            count,
            channels * positions,
            w.elementType() == ElementType.UINT8,
            Arrays.copyOfRange(zeros, first, first + count),
            new int[count],
            unsigned,
            unsigned ? 0 : Byte.MIN_VALUE));
  }
}
