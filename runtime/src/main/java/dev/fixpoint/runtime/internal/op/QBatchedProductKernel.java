package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.bound.Accumulator;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/**
 * QMatMul and ONNX QLinearMatMul of two variable 8-bit operands with constant parameters, batch by
 * batch; the right side is packed, and its sums proved exact, on each run.
 */
final class QBatchedProductKernel implements Kernel {
  private static final long LARGEST = 255;
  private static final int ABSENT = Integer.MAX_VALUE;

  /** Positions of the inputs of QMatMul. */
  static final QBatchedProductKernel FUSED = new QBatchedProductKernel(6, 7, 8);

  /** Positions of the inputs of ONNX QLinearMatMul. */
  static final QBatchedProductKernel LINEAR = new QBatchedProductKernel(ABSENT, 6, 7);

  private final int bias;
  private final int yScale;
  private final int yZero;

  private QBatchedProductKernel(int bias, int yScale, int yZero) {
    this.bias = bias;
    this.yScale = yScale;
    this.yZero = yZero;
  }

  @Override
  public boolean supports(KernelCall call) {
    if (!Quantization.isByte(call, 0)
        || !Quantization.isByte(call, 3)
        || !BatchShapes.areSupported(call, 3)
        || !Quantization.hasArrayOutput(call)
        || !Quantization.areConstant(call, 1, 2, 4, 5, bias, yScale, yZero)) {
      return false;
    }
    int columns = call.shape(3).intSize(-1);
    return certificate(call.shape(0).intSize(-1)).fitsInt32()
        && !call.has(bias)
        && Quantization.isSingle(call, 1)
        && Quantization.isSingle(call, 2)
        && Quantization.isPerChannel(call, 4, columns)
        && Quantization.isPerChannel(call, 5, columns);
  }

  /**
   * Of any operands of this depth. Sums of stored integers, before the zero points' part is taken
   * off, are up to twice as large as what is left.
   */
  private static Accumulator certificate(int depth) {
    return Accumulator.of(2 * LARGEST * depth, LARGEST, 0);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    BatchShapes shapes = BatchShapes.of(call, 3);
    long[] magnitudes = new long[shapes.columns()];
    Arrays.fill(magnitudes, Accumulator.of(LARGEST * shapes.depth(), LARGEST, 0).magnitude());
    Epilogue epilogue =
        Quantization.epilogue(
            call,
            Quantization.scale(call, 1),
            Quantization.scales(call, 4, shapes.columns()),
            magnitudes,
            yScale,
            yZero,
            Epilogue.Residual.NONE);
    return new Prepared(
        shapes,
        epilogue,
        Quantization.zeros(call, 5, shapes.columns()),
        new int[shapes.columns()],
        call.element(3) == ElementType.UINT8,
        call.element(0) == ElementType.UINT8,
        Quantization.zero(call, 2));
  }

  private record Prepared(
      BatchShapes shapes,
      Epilogue epilogue,
      int[] zeroPoints,
      int[] noBias,
      boolean rightUnsigned,
      boolean leftUnsigned,
      int leftZero)
      implements PreparedKernel {
    @Override
    public int units() {
      return shapes.batches();
    }

    @Override
    public boolean isInteger() {
      return true;
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input != 0 && input != 3;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Product[] products = operands.derived() instanceof Product[] made ? made : derive(operands);
      for (int i = first; i < end; i++) {
        Product product = products[i];
        Primitives.of(scratch)
            .int8()
            .multiply(
                shapes.rows(),
                product.right(),
                epilogue,
                product.left(),
                product.output(),
                scratch);
      }
    }

    private Product[] derive(Operands operands) {
      Product[] products = new Product[shapes.batches()];
      for (int i = 0; i < products.length; i++) {
        products[i] = product(operands, i);
      }
      operands.derive(products);
      return products;
    }

    private Product product(Operands operands, int batch) {
      Buffer a = operands.input(0);
      Buffer b = operands.input(3);
      Buffer y = operands.output();
      int columns = shapes.columns();
      int to = y.offset() + batch * shapes.rows() * columns;
      return new Product(
          Buffer.ofBytes(a.type(), Layout.ROW_MAJOR, a.bytes(), a.offset() + shapes.left()[batch]),
          new Int8Weights(
              b.bytes(),
              b.offset() + shapes.right()[batch],
              1,
              columns,
              columns,
              shapes.depth(),
              rightUnsigned,
              zeroPoints,
              noBias,
              leftUnsigned,
              leftZero),
          epilogue.kind() == Epilogue.Kind.FLOAT
              ? Buffer.ofFloats(y.type(), Layout.ROW_MAJOR, y.floats(), to)
              : Buffer.ofBytes(y.type(), Layout.ROW_MAJOR, y.bytes(), to));
    }
  }

  /** The operands of one product. */
  private record Product(Buffer left, Int8Weights right, Buffer output) {}
}
