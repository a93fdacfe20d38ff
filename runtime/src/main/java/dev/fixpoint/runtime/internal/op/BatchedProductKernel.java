package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.internal.simd.Int8KernelsProvider;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
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
        ConvGeometry.matrix(shapes.rows(), shapes.depth(), shapes.columns()),
        Epilogue.plain(Activation.of(call.call().attributes()), false),
        new float[shapes.columns()]);
  }

  private static final class Prepared implements PreparedKernel {
    private final BatchShapes shapes;
    private final ConvGeometry geometry;
    private final Epilogue epilogue;
    private final float[] noBias;

    Prepared(BatchShapes shapes, ConvGeometry geometry, Epilogue epilogue, float[] noBias) {
      this.shapes = shapes;
      this.geometry = geometry;
      this.epilogue = epilogue;
      this.noBias = noBias;
    }

    @Override
    public int units() {
      return shapes.batches();
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer a = operands.input(0);
      Buffer b = operands.input(1);
      Buffer y = operands.output();
      int depth = shapes.depth();
      int columns = shapes.columns();
      float[] moved = scratch.floats(7, depth * columns);
      for (int i = first; i < end; i++) {
        int from = b.offset() + shapes.right()[i];
        for (int k = 0; k < depth; k++) {
          for (int n = 0; n < columns; n++) {
            moved[n * depth + k] = b.floats()[from + k * columns + n];
          }
        }
        PackedWeights packed =
            Int8KernelsProvider.floats().pack(new FloatWeights(moved, columns, depth, noBias));
        Buffer left =
            Buffer.ofFloats(a.type(), Layout.ROW_MAJOR, a.floats(), a.offset() + shapes.left()[i]);
        Buffer out =
            Buffer.ofFloats(
                y.type(), Layout.ROW_MAJOR, y.floats(), y.offset() + i * shapes.rows() * columns);
        Int8KernelsProvider.floats()
            .convolve(
                geometry,
                packed,
                epilogue,
                left,
                out,
                null,
                0,
                shapes.rows(),
                0,
                packed.blocks(),
                scratch);
      }
    }
  }
}
