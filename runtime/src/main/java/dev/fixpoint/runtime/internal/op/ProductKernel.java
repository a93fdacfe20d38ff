package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Gemm, FusedGemm, MatMul and FusedMatMul in float32 with a constant right side. */
final class ProductKernel implements Kernel {
  private static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1);
  private static final Attribute<Float> BETA = Attribute.ofFloat("beta", 1);
  private static final int BIAS = 2;

  @Override
  public boolean supports(KernelCall call) {
    return call.isArrayCall()
        && call.element(0) == ElementType.FLOAT
        && call.isConstant(1)
        && call.isConstantOrAbsent(BIAS)
        && ProductShapes.areSupported(call, 1)
        && call.get(ALPHA) == 1
        && (!call.has(BIAS) || (call.get(BETA) == 1 && isRow(call)));
  }

  private static boolean isRow(KernelCall call) {
    int columns = ProductShapes.columns(call, 1);
    long count = call.shape(BIAS).elementCount();
    boolean oneRow = call.shape(BIAS).rank() == 0 || call.shape(BIAS).size(-1) == count;
    return oneRow && (count == 1 || count == columns);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    PreparedConvolution.Packed packed =
        call.packed().get(call.node(), PreparedConvolution.Packed.class, () -> pack(call));
    ConvGeometry g =
        ConvGeometry.matrix(
            ProductShapes.rows(call), ProductShapes.depth(call), ProductShapes.columns(call, 1));
    return new PreparedConvolution(
        packed, List.of(g), -1, PreparedConvolution.inputs(1), PreparedConvolution.inputs(1, BIAS));
  }

  private static PreparedConvolution.Packed pack(KernelCall call) {
    Tensor b = call.tensor(1);
    int columns = ProductShapes.columns(call, 1);
    int depth = ProductShapes.depth(call);
    float[] values =
        ProductShapes.byColumns(b.toFloats(), depth, columns, ProductShapes.isTransposedB(call));
    float[] bias = new float[columns];
    if (call.has(BIAS)) {
      float[] given = call.tensor(BIAS).toFloats();
      if (given.length == columns) {
        bias = given;
      } else {
        Arrays.fill(bias, given[0]);
      }
    }
    Epilogue epilogue = Epilogue.plain(Activation.of(call.call().attributes()), false);
    return new PreparedConvolution.Packed(
        List.of(
            Primitives.of(call.packed())
                .floats()
                .pack(new FloatWeights(values, columns, depth, bias))),
        false,
        false,
        epilogue);
  }
}
