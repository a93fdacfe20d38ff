package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.quant.BlockedMatrix;
import dev.fixpoint.op.quant.MatMulNBits;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.BlockedWeights;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import java.util.List;

/** MatMulNBits of float32 rows with constant weights, which stay as small as they are. */
final class BlockedProductKernel implements Kernel {
  private static final int B = 1;
  private static final int SCALES = 2;
  private static final int ZEROS = 3;
  private static final int ORDER = 4;
  private static final int BIAS = 5;

  @Override
  public boolean supports(KernelCall call) {
    return Buffer.isArrayType(call.type(0))
        && call.element(0) == ElementType.FLOAT
        && call.element(SCALES) != ElementType.DOUBLE
        && call.element(ZEROS) != ElementType.DOUBLE
        && call.shape(0).elementCount() > 0
        && call.get(MatMulNBits.N) > 0
        && (!call.has(BIAS) || call.shape(BIAS).elementCount() == call.get(MatMulNBits.N))
        && !call.has(ORDER)
        && Quantization.areConstant(call, B, SCALES, ZEROS, BIAS);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    PreparedConvolution.Packed packed =
        call.packed().get(call.node(), PreparedConvolution.Packed.class, () -> pack(call));
    Shape a = call.shape(0);
    int depth = a.intSize(-1);
    int rows = Math.toIntExact(a.elementCount() / depth);
    ConvGeometry g = ConvGeometry.matrix(rows, depth, Math.toIntExact(call.get(MatMulNBits.N)));
    return new PreparedConvolution(
        packed,
        List.of(g),
        -1,
        PreparedConvolution.inputs(B, SCALES, ZEROS),
        PreparedConvolution.inputs(B, SCALES, ZEROS, BIAS));
  }

  private static PreparedConvolution.Packed pack(KernelCall call) {
    BlockedMatrix b = BlockedMatrix.of(call.call());
    float[] bias = call.has(BIAS) ? call.tensor(BIAS).toFloats() : new float[b.columns()];
    BlockedWeights weights =
        new BlockedWeights(
            b.codes(),
            b.bits(),
            b.blockSize(),
            b.columns(),
            b.depth(),
            toFloats(b.scales()),
            toFloats(b.zeros()),
            bias);
    return new PreparedConvolution.Packed(
        List.of(Primitives.of(call.packed()).floats().pack(weights)),
        false,
        false,
        Epilogue.plain(Activation.of(call.call().attributes()), false));
  }

  private static float[] toFloats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }
}
