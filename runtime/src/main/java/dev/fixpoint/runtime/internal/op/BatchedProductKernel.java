package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;

/**
 * MatMul of two variable float32 operands, batch by batch; the right side is packed on each run.
 */
final class BatchedProductKernel implements Kernel {
  @Override
  public boolean supports(KernelCall call) {
    return call.isArrayCall()
        && call.call().inputCount() == 2
        && call.element(0) == ElementType.FLOAT
        && BatchShapes.areSupported(call, 1);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    BatchShapes shapes = BatchShapes.of(call, 1);
    return new Prepared(
        shapes,
        Epilogue.plain(Activation.of(call.call().attributes()), false),
        new float[shapes.columns()]);
  }

  /** The operands of one product. */
  private record Product(Buffer left, FloatWeights right, Buffer output) {}

  private static final class Prepared implements PreparedKernel {
    private final BatchShapes shapes;
    private final Epilogue epilogue;
    private final float[] noBias;

    Prepared(BatchShapes shapes, Epilogue epilogue, float[] noBias) {
      this.shapes = shapes;
      this.epilogue = epilogue;
      this.noBias = noBias;
    }

    @Override
    public int units() {
      return shapes.batches();
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Product[] products = operands.derived() instanceof Product[] made ? made : derive(operands);
      for (int i = first; i < end; i++) {
        Product product = products[i];
        Primitives.of(scratch)
            .floats()
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
      Buffer a = operands.input(0);
      Buffer b = operands.input(1);
      Buffer y = operands.output();
      int columns = shapes.columns();
      Product[] products = new Product[shapes.batches()];
      for (int i = 0; i < products.length; i++) {
        int from = b.offset() + shapes.right()[i];
        products[i] =
            new Product(
                Buffer.ofFloats(
                    a.type(), Layout.ROW_MAJOR, a.floats(), a.offset() + shapes.left()[i]),
                new FloatWeights(b.floats(), from, 1, columns, columns, shapes.depth(), noBias),
                Buffer.ofFloats(
                    y.type(),
                    Layout.ROW_MAJOR,
                    y.floats(),
                    y.offset() + i * shapes.rows() * columns));
      }
      operands.derive(products);
      return products;
    }
  }
}
