package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;

/**
 * MatMulIntegerToFloat with a constant right side: an integer product whose left side has a scale
 * and a zero point that are computed when it runs.
 */
final class DynamicProductKernel implements Kernel {
  private static final int B = 1;
  private static final int A_SCALE = 2;
  private static final int B_SCALE = 3;
  private static final int A_ZERO = 4;
  private static final int B_ZERO = 5;
  private static final int BIAS = 6;

  @Override
  public boolean supports(KernelCall call) {
    if (!call.isArrayCall()
        || !Quantization.isByte(call, 0)
        || !Quantization.isByte(call, B)
        || !call.isConstant(B)
        || !ProductShapes.areSupported(call, B)) {
      return false;
    }
    int columns = ProductShapes.columns(call, B);
    return isOne(call, A_SCALE)
        && (!call.has(A_ZERO) || isOne(call, A_ZERO))
        && Quantization.areConstant(call, B_SCALE, B_ZERO, BIAS)
        && Quantization.isPerChannel(call, B_SCALE, columns)
        && Quantization.isPerChannel(call, B_ZERO, columns)
        && (!call.has(BIAS) || call.shape(BIAS).elementCount() == columns);
  }

  /** Whether an input has one element, whatever it is. */
  static boolean isOne(KernelCall call, int input) {
    return call.shape(input).isStatic() && call.shape(input).elementCount() == 1;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int columns = ProductShapes.columns(call, B);
    PackedWeights packed = call.packed().get(call.node(), PackedWeights.class, () -> pack(call));
    return new DynamicConvolution(
        List.of(packed),
        List.of(ConvGeometry.matrix(ProductShapes.rows(call), ProductShapes.depth(call), columns)),
        Quantization.scales(call, B_SCALE, columns),
        call.has(BIAS) ? call.tensor(BIAS).toFloats() : null,
        A_SCALE,
        call.has(A_ZERO) ? A_ZERO : -1,
        B,
        PreparedConvolution.inputs(B, B_SCALE, B_ZERO, BIAS));
  }

  private static PackedWeights pack(KernelCall call) {
    Tensor b = call.tensor(B);
    int columns = ProductShapes.columns(call, B);
    int depth = ProductShapes.depth(call);
    boolean unsigned = call.element(0) == ElementType.UINT8;
    int farthest = unsigned ? 0 : Byte.MIN_VALUE;
    Int8Weights weights =
        new Int8Weights(
            ProductShapes.byColumns(b.toBytes(), depth, columns, false),
            columns,
            depth,
            b.elementType() == ElementType.UINT8,
            Quantization.zeros(call, B_ZERO, columns),
            new int[columns],
            unsigned,
            farthest);
    return Primitives.of(call.packed()).int8().pack(IntegerProofs.proved(weights));
  }
}
