package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import java.util.List;

/** QGemm and QMatMul with 16-bit activations and a constant 8-bit right side. */
final class WideProductKernel implements Kernel {
  private static final int RIGHT = 3;
  private static final int BIAS = 6;

  @Override
  public boolean supports(KernelCall call) {
    return ProductShapes.areSupported(call, RIGHT)
        && WideWeights.areSupported(call, ProductShapes.columns(call, RIGHT))
        && (!call.has(BIAS) || isRow(call));
  }

  private static boolean isRow(KernelCall call) {
    long count = call.shape(BIAS).elementCount();
    return count == 1 || call.shape(BIAS).size(-1) == count;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int columns = ProductShapes.columns(call, RIGHT);
    int depth = ProductShapes.depth(call);
    WideProduct.Packed packed =
        call.packed().get(call.node(), WideProduct.Packed.class, () -> pack(call, depth, columns));
    return new WideProduct(
        packed,
        List.of(ConvGeometry.matrix(ProductShapes.rows(call), depth, columns)),
        1,
        false,
        Quantization.zero(call, 2),
        null,
        call.outputType(),
        List.of());
  }

  private static WideProduct.Packed pack(KernelCall call, int depth, int columns) {
    byte[] moved =
        ProductShapes.byColumns(
            call.tensor(RIGHT).toBytes(), depth, columns, ProductShapes.isTransposedB(call));
    return WideWeights.pack(call, WideWeights.centred(call, moved, columns), columns, 1, false);
  }
}
