package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

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

  private static boolean isOne(KernelCall call, int input) {
    return call.shape(input).isStatic() && call.shape(input).elementCount() == 1;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int columns = ProductShapes.columns(call, B);
    PackedWeights packed = call.packed().get(call.node(), PackedWeights.class, () -> pack(call));
    return new Prepared(
        packed,
        ConvGeometry.matrix(ProductShapes.rows(call), ProductShapes.depth(call), columns),
        Quantization.scales(call, B_SCALE, columns),
        call.has(BIAS) ? call.tensor(BIAS).toFloats() : null,
        call.has(A_ZERO));
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

  private record Prepared(
      PackedWeights packed,
      ConvGeometry geometry,
      float[] scales,
      float @Nullable [] bias,
      boolean hasZeroPoint)
      implements PreparedKernel {
    private boolean cutsRows() {
      return ConvShapes.cutsRows(geometry);
    }

    @Override
    public int units() {
      return cutsRows() ? geometry.outRows() : packed.blocks();
    }

    @Override
    public boolean isInteger() {
      return true;
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input == B || input == B_SCALE || input == B_ZERO || input == BIAS;
    }

    @Override
    public boolean isPacked(int input) {
      return input == B;
    }

    @Override
    public long packedBytes() {
      return packed.bytes();
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      boolean rows = cutsRows();
      int firstRow = rows ? first : 0;
      int endRow = rows ? end : geometry.outRows();
      int firstBlock = rows ? 0 : first;
      int endBlock = rows ? packed.blocks() : end;
      Primitives.of(scratch)
          .int8()
          .product(
              geometry,
              packed,
              zeroPoint(operands),
              epilogue(operands),
              operands.input(0),
              operands.output(),
              firstRow,
              endRow,
              firstBlock,
              endBlock,
              scratch);
    }

    private int zeroPoint(Operands operands) {
      if (!hasZeroPoint) {
        return 0;
      }
      Buffer zero = operands.input(A_ZERO);
      byte stored = zero.bytes()[zero.offset()];
      return zero.isUnsigned() ? stored & 0xff : stored;
    }

    /** The epilogue of this run; every thread that takes part writes the same factors. */
    private Epilogue epilogue(Operands operands) {
      Epilogue epilogue;
      if (operands.derived() instanceof Epilogue known) {
        epilogue = known;
      } else {
        epilogue =
            bias == null
                ? Epilogue.toFloat(scales, Activation.NONE, Epilogue.Residual.NONE)
                : Epilogue.shifted(scales, bias);
        operands.derive(epilogue);
      }
      Buffer scale = operands.input(A_SCALE);
      float left = scale.floats()[scale.offset()];
      for (int c = 0; c < scales.length; c++) {
        epilogue.factors()[c] = left * scales[c];
      }
      return epilogue;
    }
  }
}
