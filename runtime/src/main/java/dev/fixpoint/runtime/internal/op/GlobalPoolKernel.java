package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.Int8KernelsProvider;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * GlobalAveragePool and ReduceMean over all spatial axes of float32 images, QGlobalAveragePool of
 * 8-bit ones.
 */
final class GlobalPoolKernel implements Kernel {
  private static final Attribute<Long> NO_OP = Attribute.ofInt("noop_with_empty_axes", 0);

  @Override
  public boolean supports(KernelCall call) {
    if (!call.shape(0).isStatic()
        || !Buffer.isArrayType(call.type(0))
        || !Buffer.isArrayType(call.outputType())
        || call.shape(0).rank() < 3
        || call.shape(0).elementCount() == 0) {
      return false;
    }
    return switch (call.node().opId().name()) {
      case "GlobalAveragePool" -> call.element(0) == ElementType.FLOAT;
      case "ReduceMean" -> call.element(0) == ElementType.FLOAT && isSpatial(call);
      default ->
          Quantization.isByte(call, 0)
              && Quantization.isByte(call.outputType().elementType())
              && Quantization.areConstant(call, 1, 2, 3, 4)
              && fits(call);
    };
  }

  private static boolean fits(KernelCall call) {
    return positions(call) < Integer.MAX_VALUE / 512;
  }

  private static boolean isSpatial(KernelCall call) {
    Tensor axes = call.constant(1);
    if (axes == null || call.get(NO_OP) != 0) {
      return false;
    }
    int rank = call.shape(0).rank();
    long[] given = Arrays.stream(axes.toLongs()).map(a -> a < 0 ? a + rank : a).sorted().toArray();
    if (given.length != rank - 2) {
      return false;
    }
    for (int i = 0; i < given.length; i++) {
      if (given[i] != i + 2) {
        return false;
      }
    }
    return true;
  }

  private static int positions(KernelCall call) {
    long outer = call.shape(0).size(0) * call.shape(0).size(1);
    return Math.toIntExact(call.shape(0).elementCount() / outer);
  }

  @Override
  public Layout layout(KernelCall call) {
    return Layout.CHANNELS_LAST;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    boolean isFloat = call.element(0) == ElementType.FLOAT;
    return new Prepared(
        call.shape(0).intSize(0),
        call.shape(0).intSize(1),
        positions(call),
        isFloat ? null : Quantization.affine(call, 0, 1, 2),
        isFloat ? null : Quantization.output(call, 3, 4));
  }

  private record Prepared(
      int batch, int channels, int positions, @Nullable Affine8 source, @Nullable Affine8 target)
      implements PreparedKernel {
    @Override
    public int units() {
      return batch;
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input > 0;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      Buffer y = operands.output();
      for (int image = first; image < end; image++) {
        int from = x.offset() + image * positions * channels;
        int to = y.offset() + image * channels;
        if (source != null && target != null) {
          int[] sums = scratch.ints(0, channels);
          Arrays.fill(sums, 0, channels, 0);
          for (int p = 0; p < positions; p++) {
            Int8KernelsProvider.int8()
                .sum(x.bytes(), from + p * channels, x.isUnsigned(), sums, 0, channels);
          }
          PoolKernel.Means.store(
              sums, channels, positions, positions, source, target, y.bytes(), to);
        } else {
          mean(x.floats(), from, y.floats(), to);
        }
      }
    }

    private void mean(float[] x, int from, float[] y, int to) {
      System.arraycopy(x, from, y, to, channels);
      for (int p = 1; p < positions; p++) {
        int at = from + p * channels;
        for (int c = 0; c < channels; c++) {
          y[to + c] += x[at + c];
        }
      }
      for (int c = 0; c < channels; c++) {
        y[to + c] /= positions;
      }
    }
  }
}
