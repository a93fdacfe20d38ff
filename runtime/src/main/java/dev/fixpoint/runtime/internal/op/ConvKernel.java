package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
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

/** Conv and FusedConv in float32 with constant weights, over channels-last images. */
final class ConvKernel implements Kernel {
  private static final int RESIDUAL = 3;

  @Override
  public boolean supports(KernelCall call) {
    return call.isArrayCall()
        && call.element(0) == ElementType.FLOAT
        && Quantization.areConstant(call, 1, 2)
        && call.isConstant(1)
        && ConvShapes.areSupported(call, 1)
        && (!call.has(RESIDUAL) || call.shape(RESIDUAL).equals(call.outputType().shape()));
  }

  @Override
  public Layout layout(KernelCall call) {
    return Layout.CHANNELS_LAST;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    PreparedConvolution.Packed packed =
        call.packed().get(call.node(), PreparedConvolution.Packed.class, () -> pack(call));
    ConvGeometry g = ConvShapes.geometry(call, 1);
    int groups = packed.groups().size();
    List<ConvGeometry> geometries = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      ConvGeometry group = g.group(i, call.shape(1).intSize(0) / groups);
      geometries.add(packed.isDepthwise() ? g : group.flattened());
    }
    return new PreparedConvolution(
        packed,
        geometries,
        call.has(RESIDUAL) ? RESIDUAL : -1,
        PreparedConvolution.inputs(1),
        PreparedConvolution.inputs(1, 2));
  }

  private static PreparedConvolution.Packed pack(KernelCall call) {
    Tensor w = call.tensor(1);
    int groups = ConvShapes.groups(call);
    int columns = w.shape().intSize(0);
    int channels = w.shape().intSize(1);
    int positions = Math.toIntExact(w.elementCount() / columns / channels);
    float[] values = w.toFloats();
    float[] bias = call.has(2) ? call.tensor(2).toFloats() : new float[columns];
    Epilogue epilogue = Epilogue.plain(Activation.of(call.call().attributes()), call.has(RESIDUAL));
    if (channels == 1 && groups > 1) {
      PackedWeights packed =
          Primitives.of(call.packed())
              .floats()
              .packDepthwise(new FloatWeights(values, columns, positions, bias));
      return new PreparedConvolution.Packed(List.of(packed), true, false, epilogue);
    }
    int each = columns / groups;
    List<PackedWeights> parts = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      float[] moved = ConvShapes.channelsInside(values, i * each, each, channels, positions);
      float[] biases = Arrays.copyOfRange(bias, i * each, (i + 1) * each);
      parts.add(
          Primitives.of(call.packed())
              .floats()
              .pack(new FloatWeights(moved, each, channels * positions, biases)));
    }
    return new PreparedConvolution.Packed(parts, false, false, epilogue);
  }
}
