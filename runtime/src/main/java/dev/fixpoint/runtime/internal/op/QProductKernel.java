package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;

/** QGemm, QMatMul, ONNX QLinearMatMul and ONNX Runtime QGemm with a constant right side. */
final class QProductKernel implements Kernel {
  private static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1);
  private static final int ABSENT = Integer.MAX_VALUE;

  /** Positions of the inputs of QGemm and QMatMul. */
  static final QProductKernel FUSED = new QProductKernel(6, 7, 8);

  /** Positions of the inputs of ONNX QLinearMatMul. */
  static final QProductKernel LINEAR = new QProductKernel(ABSENT, 6, 7);

  private final int bias;
  private final int yScale;
  private final int yZero;

  private QProductKernel(int bias, int yScale, int yZero) {
    this.bias = bias;
    this.yScale = yScale;
    this.yZero = yZero;
  }

  @Override
  public boolean supports(KernelCall call) {
    if (!Quantization.isByte(call, 0)
        || !Quantization.isByte(call, 3)
        || !ProductShapes.areSupported(call, 3)
        || !Quantization.hasArrayOutput(call)) {
      return false;
    }
    int columns = ProductShapes.columns(call, 3);
    return call.get(ALPHA) == 1
        && (!call.has(bias) || isRow(call))
        && Quantization.areConstant(call, 1, 2, 3, 4, 5, bias, yScale, yZero)
        && Quantization.isSingle(call, 1)
        && Quantization.isSingle(call, 2)
        && Quantization.isPerChannel(call, 4, columns)
        && Quantization.isPerChannel(call, 5, columns);
  }

  private boolean isRow(KernelCall call) {
    long count = call.shape(bias).elementCount();
    return count == 1 || call.shape(bias).size(-1) == count;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    PreparedConvolution.Packed packed =
        call.packed().get(call.node(), PreparedConvolution.Packed.class, () -> pack(call));
    ConvGeometry g =
        ConvGeometry.matrix(
            ProductShapes.rows(call), ProductShapes.depth(call), ProductShapes.columns(call, 3));
    return new PreparedConvolution(
        packed,
        List.of(g),
        -1,
        PreparedConvolution.inputs(3),
        PreparedConvolution.inputs(1, 2, 3, 4, 5, 6, 7, 8));
  }

  private PreparedConvolution.Packed pack(KernelCall call) {
    Tensor b = call.tensor(3);
    int columns = ProductShapes.columns(call, 3);
    int depth = ProductShapes.depth(call);
    Int8Weights weights =
        IntegerProofs.proved(
            new Int8Weights(
                ProductShapes.byColumns(
                    b.toBytes(), depth, columns, ProductShapes.isTransposedB(call)),
                columns,
                depth,
                b.elementType() == ElementType.UINT8,
                Quantization.zeros(call, 5, columns),
                Quantization.bias(call, bias, columns),
                call.element(0) == ElementType.UINT8,
                Quantization.zero(call, 2)));
    Epilogue epilogue =
        Quantization.epilogue(
            call,
            Quantization.scale(call, 1),
            Quantization.scales(call, 4, columns),
            IntegerProofs.magnitudes(List.of(weights)),
            yScale,
            yZero,
            Epilogue.Residual.NONE);
    return new PreparedConvolution.Packed(
        List.of(Primitives.of(call.packed()).int8().pack(weights)), false, true, epilogue);
  }
}
