package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.OpId;
import dev.fixpoint.runtime.kernel.KernelRegistry;

/** The catalogue of kernels that come with the runtime. */
public final class Kernels {
  /** All kernels. */
  public static final KernelRegistry ALL =
      KernelRegistry.empty()
          .plus(OpId.fixpoint("QConv"), QConvKernel.FUSED)
          .plus(OpId.of("QLinearConv"), QConvKernel.LINEAR)
          .plus(OpId.fixpoint("QGemm"), QProductKernel.FUSED)
          .plus(OpId.fixpoint("QMatMul"), QProductKernel.FUSED)
          .plus(OpId.of("QLinearMatMul"), QProductKernel.LINEAR)
          .plus(OpId.of("QuantizeLinear"), new QuantizeKernel())
          .plus(OpId.of("DequantizeLinear"), new QuantizeKernel())
          .plus(OpId.fixpoint("Requantize"), new QuantizeKernel())
          .plus(OpId.of("Conv"), new ConvKernel())
          .plus(OpId.fixpoint("FusedConv"), new ConvKernel())
          .plus(OpId.of("Gemm"), new ProductKernel())
          .plus(OpId.fixpoint("FusedGemm"), new ProductKernel())
          .plus(OpId.of("MatMul"), new ProductKernel())
          .plus(OpId.fixpoint("FusedMatMul"), new ProductKernel());

  private Kernels() {}
}
