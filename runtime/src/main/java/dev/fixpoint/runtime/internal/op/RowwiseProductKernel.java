package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.stream.IntStream;

/** DynamicQMatMul with a constant right side. */
final class RowwiseProductKernel implements Kernel {
  private static final int B = 1;
  private static final int B_SCALE = 2;
  private static final int B_ZERO = 3;
  private static final int BIAS = 4;

  @Override
  public boolean supports(KernelCall call) {
    if (!call.isArrayCall()
        || !Quantization.isByte(call, B)
        || !call.isConstant(B)
        || !ProductShapes.areSupported(call, B)) {
      return false;
    }
    int columns = ProductShapes.columns(call, B);
    return Quantization.areConstant(call, B_SCALE, B_ZERO, BIAS)
        && Quantization.isPerChannel(call, B_SCALE, columns)
        && Quantization.isPerChannel(call, B_ZERO, columns)
        && Quantization.isPerChannel(call, BIAS, columns);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int columns = ProductShapes.columns(call, B);
    Packed packed = call.packed().get(call.node(), Packed.class, () -> pack(call));
    return new RowwiseProduct(
        packed,
        ConvGeometry.matrix(ProductShapes.rows(call), ProductShapes.depth(call), columns),
        Quantization.scales(call, B_SCALE, columns),
        call.has(BIAS) ? Quantization.scales(call, BIAS, columns) : null,
        Activation.of(call.call().attributes()));
  }

  private static Packed pack(KernelCall call) {
    Tensor b = call.tensor(B);
    int columns = ProductShapes.columns(call, B);
    int depth = ProductShapes.depth(call);
    Int8Weights weights =
        IntegerProofs.proved(
            new Int8Weights(
                ProductShapes.byColumns(b.toBytes(), depth, columns, false),
                columns,
                depth,
                b.elementType() == ElementType.UINT8,
                Quantization.zeros(call, B_ZERO, columns),
                new int[columns],
                true,
                0));
    float[] sums = new float[columns];
    for (int c = 0; c < columns; c++) {
      sums[c] = weights.sum(c);
    }
    boolean isExact = IntStream.range(0, columns).allMatch(c -> weights.accumulator(c).fitsFloat());
    return new Packed(Primitives.of(call.packed()).int8().pack(weights), sums, isExact);
  }

  /**
   * The right side as it is packed.
   *
   * @param weights packed for a left side of bytes 0 to 255 with zero point 0
   * @param sums sum of each column, its zero point subtracted
   * @param isExact whether every sum of products, for any zero point of the left side, is exact in
   *     float32, and so is its difference to the sum for zero point 0
   */
  record Packed(PackedWeights weights, float[] sums, boolean isExact) {}
}
