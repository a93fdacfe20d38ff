package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;

/** QConv with 16-bit activations and constant 8-bit weights. */
final class WideConvKernel implements Kernel {
  private static final int WEIGHTS = 3;
  private static final int RESIDUAL = 9;

  @Override
  public boolean supports(KernelCall call) {
    return ConvShapes.areSupported(call, WEIGHTS)
        && WideWeights.areSupported(call, call.shape(WEIGHTS).intSize(0))
        && isResidualSupported(call);
  }

  private static boolean isResidualSupported(KernelCall call) {
    if (!call.has(RESIDUAL)) {
      return true;
    }
    ElementType type = call.element(RESIDUAL);
    boolean typed =
        call.has(10)
            ? Quantization.isByte(type) || WideElements.isWide(type)
            : type == ElementType.FLOAT;
    return typed
        && Quantization.areConstant(call, 10, 11)
        && call.shape(RESIDUAL).equals(call.outputType().shape());
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int[] w = call.shape(WEIGHTS).intSizes();
    int groups = ConvShapes.groups(call);
    boolean depthwise = w[1] == 1 && groups > 1;
    WideProduct.Packed packed =
        call.packed()
            .get(call.node(), WideProduct.Packed.class, () -> pack(call, groups, depthwise));
    ConvGeometry all = ConvShapes.geometry(call, WEIGHTS).ofOneImage();
    List<ConvGeometry> geometries = new ArrayList<>();
    for (int i = 0; i < (depthwise ? 1 : groups); i++) {
      geometries.add(depthwise ? all : all.group(i, w[0] / groups));
    }
    return new WideProduct(
        packed,
        geometries,
        call.shape(0).intSize(0),
        true,
        Quantization.zero(call, 2),
        WideWeights.residual(call),
        call.outputType(),
        List.of());
  }

  private static WideProduct.Packed pack(KernelCall call, int groups, boolean depthwise) {
    int[] w = call.shape(WEIGHTS).intSizes();
    int positions = Math.toIntExact(call.shape(WEIGHTS).elementCount() / w[0] / w[1]);
    byte[] moved =
        ConvShapes.channelsInside(call.tensor(WEIGHTS).toBytes(), 0, w[0], w[1], positions);
    return WideWeights.pack(call, WideWeights.centred(call, moved, w[0]), w[0], groups, depthwise);
  }
}
