package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.OpId;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelRegistry;
import java.util.List;

/** The catalogue of kernels that come with the runtime. */
public final class Kernels {
  /** All kernels. */
  public static final KernelRegistry ALL =
      structural(floats(runtime(integers(KernelRegistry.empty()))));

  private Kernels() {}

  private static KernelRegistry integers(KernelRegistry registry) {
    return registry
        .plus(OpId.fixpoint("QConv"), new DynamicConvKernel())
        .plus(OpId.fixpoint("QConv"), QConvKernel.FUSED)
        .plus(OpId.fixpoint("QConv"), new WideConvKernel())
        .plus(OpId.of("QLinearConv"), QConvKernel.LINEAR)
        .plus(OpId.fixpoint("QConvTranspose"), new QConvTransposeKernel())
        .plus(OpId.fixpoint("QConvTranspose"), new WideTransposedKernel())
        .plus(OpId.fixpoint("QGemm"), QProductKernel.FUSED)
        .plus(OpId.fixpoint("QGemm"), new WideProductKernel())
        .plus(OpId.fixpoint("QMatMul"), QBatchedProductKernel.FUSED)
        .plus(OpId.fixpoint("QMatMul"), QProductKernel.FUSED)
        .plus(OpId.fixpoint("QMatMul"), new WideProductKernel())
        .plus(OpId.fixpoint("QMatMul"), new WideBatchedProductKernel())
        .plus(OpId.fixpoint("FakeQuant"), new FakeQuantKernel())
        .plus(OpId.of("QLinearMatMul"), QBatchedProductKernel.LINEAR)
        .plus(OpId.of("QLinearMatMul"), QProductKernel.LINEAR)
        .plus(OpId.of("MatMulInteger"), new IntegerBatchesKernel())
        .plus(OpId.of("MatMulInteger"), IntegerSumsKernel.PRODUCT)
        .plus(OpId.of("ConvInteger"), IntegerSumsKernel.CONVOLUTION)
        .plus(OpId.of("DynamicQuantizeLinear"), new DynamicQuantizeKernel())
        .plus(OpId.microsoft("MatMulIntegerToFloat"), new DynamicProductKernel())
        .plus(OpId.fixpoint("DynamicQMatMul"), new RowwiseProductKernel())
        .plus(OpId.fixpoint("QAdd"), new QBinaryKernel(false))
        .plus(OpId.fixpoint("QAdd"), new WideBinaryKernel(false))
        .plus(OpId.fixpoint("QMul"), new QBinaryKernel(true))
        .plus(OpId.fixpoint("QMul"), new WideBinaryKernel(true))
        .plus(OpId.fixpoint("QAveragePool"), PoolKernel.QUANTIZED_MEAN)
        .plus(OpId.fixpoint("QAveragePool"), WidePoolKernel.MEAN)
        .plus(OpId.fixpoint("QMaxPool"), WidePoolKernel.MAX)
        .plus(OpId.fixpoint("QGlobalAveragePool"), new GlobalPoolKernel())
        .plus(OpId.fixpoint("QGlobalAveragePool"), WidePoolKernel.GLOBAL_MEAN)
        .plus(OpId.fixpoint("QTable"), new TableKernel())
        .plus(OpId.fixpoint("QLayerNormalization"), new LayerNormalizationKernel())
        .plus(OpId.fixpoint("QSoftmax"), new SoftmaxKernel())
        .plus(OpId.fixpoint("QTable"), new ChannelTableKernel())
        .plus(OpId.fixpoint("QTable"), new WideTableKernel())
        .plus(OpId.fixpoint("QConcat"), new ConcatKernel(true))
        .plus(OpId.fixpoint("Requantize"), new QuantizeKernel())
        .plus(OpId.fixpoint("Requantize"), new WideQuantizeKernel())
        .plus(OpId.of("QuantizeLinear"), new QuantizeKernel())
        .plus(OpId.of("QuantizeLinear"), new WideQuantizeKernel())
        .plus(OpId.of("DequantizeLinear"), new QuantizeKernel())
        .plus(OpId.of("DequantizeLinear"), new WideQuantizeKernel());
  }

  /** Operators of ONNX Runtime that mean the same as those of this project. */
  private static KernelRegistry runtime(KernelRegistry registry) {
    return registry
        .plus(OpId.microsoft("QGemm"), QProductKernel.FUSED)
        .plus(OpId.microsoft("MatMulNBits"), new BlockedProductKernel())
        .plus(OpId.microsoft("QLinearAdd"), new QBinaryKernel(false))
        .plus(OpId.microsoft("QLinearMul"), new QBinaryKernel(true))
        .plus(OpId.microsoft("QLinearAveragePool"), PoolKernel.QUANTIZED_MEAN)
        .plus(OpId.microsoft("QLinearGlobalAveragePool"), new GlobalPoolKernel())
        .plus(OpId.microsoft("QLinearConcat"), new ConcatKernel(true))
        .plus(OpId.microsoft("QLinearSoftmax"), new QLinearSoftmaxKernel())
        .plus(OpId.of("Clip"), new ByteFunctionKernel())
        .plus(OpId.microsoft("QLinearLeakyRelu"), new ByteFunctionKernel())
        .plus(OpId.microsoft("QLinearSigmoid"), new ByteFunctionKernel());
  }

  private static KernelRegistry floats(KernelRegistry registry) {
    KernelRegistry all =
        registry
            .plus(OpId.of("Conv"), new ConvKernel())
            .plus(OpId.fixpoint("FusedConv"), new ConvKernel())
            .plus(OpId.of("ConvTranspose"), new ConvTransposeKernel())
            .plus(OpId.fixpoint("FusedConvTranspose"), new ConvTransposeKernel())
            .plus(OpId.of("Gemm"), new ProductKernel())
            .plus(OpId.fixpoint("FusedGemm"), new ProductKernel())
            .plus(OpId.of("MatMul"), new BatchedProductKernel())
            .plus(OpId.of("MatMul"), new ProductKernel())
            .plus(OpId.fixpoint("FusedMatMul"), new BatchedProductKernel())
            .plus(OpId.fixpoint("FusedMatMul"), new ProductKernel())
            .plus(OpId.of("Add"), BinaryKernel.ADD)
            .plus(OpId.of("Sub"), BinaryKernel.SUB)
            .plus(OpId.of("Mul"), BinaryKernel.MUL)
            .plus(OpId.of("Div"), BinaryKernel.DIV)
            .plus(OpId.of("AveragePool"), PoolKernel.MEAN)
            .plus(OpId.of("GlobalAveragePool"), new GlobalPoolKernel())
            .plus(OpId.of("ReduceMean"), new GlobalPoolKernel())
            .plus(OpId.of("BatchNormalization"), new BatchNormalizationKernel())
            .plus(OpId.of("Softmax"), new SoftmaxKernel())
            .plus(OpId.of("LayerNormalization"), new LayerNormalizationKernel());
    Kernel unary = new UnaryKernel();
    for (String name :
        List.of(
            "Relu",
            "Clip",
            "LeakyRelu",
            "HardSigmoid",
            "HardSwish",
            "Sigmoid",
            "Tanh",
            "Erf",
            "Gelu",
            "Exp",
            "Sqrt",
            "Neg",
            "Abs")) {
      all = all.plus(OpId.of(name), unary);
    }
    Kernel mapped = new MappedKernel();
    for (String name : List.of("Log", "Softplus", "Elu", "Swish")) {
      all = all.plus(OpId.of(name), mapped);
    }
    return all.plus(OpId.of("Swish"), unary);
  }

  private static KernelRegistry structural(KernelRegistry registry) {
    Kernel movement = new MovementKernel();
    KernelRegistry all = registry;
    for (String name :
        List.of(
            "Slice", "Split", "Gather", "Pad", "Expand", "Tile", "DepthToSpace", "SpaceToDepth")) {
      all = all.plus(OpId.of(name), movement);
    }
    return all.plus(OpId.of("MaxPool"), PoolKernel.MAX)
        .plus(OpId.of("Concat"), new ConcatKernel(false))
        .plus(OpId.of("Transpose"), new TransposeKernel());
  }
}
