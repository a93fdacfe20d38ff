package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.internal.simd.Affine8;
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
import org.jspecify.annotations.Nullable;

/**
 * GlobalAveragePool of float32 images, ReduceMean over neighbouring axes of float32 tensors,
 * QGlobalAveragePool of 8-bit ones.
 */
final class GlobalPoolKernel implements Kernel {
  private static final Attribute<Long> CHANNELS_LAST = Attribute.ofInt("channels_last", 0);
  private static final Attribute<Long> NO_OP = Attribute.ofInt("noop_with_empty_axes", 0);

  @Override
  public boolean supports(KernelCall call) {
    if (!call.shape(0).isStatic()
        || !Buffer.isArrayType(call.type(0))
        || !Buffer.isArrayType(call.outputType())
        || call.shape(0).rank() < 1
        || call.shape(0).elementCount() == 0) {
      return false;
    }
    return switch (call.node().opId().name()) {
      case "GlobalAveragePool" -> call.shape(0).rank() > 2 && call.element(0) == ElementType.FLOAT;
      case "ReduceMean" -> call.element(0) == ElementType.FLOAT && isOverNeighbours(call);
      default ->
          call.shape(0).rank() > 2
              && call.get(CHANNELS_LAST) == 0
              && Quantization.isByte(call, 0)
              && Quantization.isByte(call.outputType().elementType())
              && Quantization.areConstant(call, 1, 2, 3, 4)
              && fits(call);
    };
  }

  private static boolean fits(KernelCall call) {
    return positions(call) < Integer.MAX_VALUE / 512;
  }

  /** Whether a mean is over neighbouring axes, so that it is one over rows of a matrix. */
  private static boolean isOverNeighbours(KernelCall call) {
    return call.constant(1) != null
        && call.get(NO_OP) == 0
        && axes(call).length > 0
        && axes(call)[axes(call).length - 1] - axes(call)[0] == axes(call).length - 1;
  }

  private static long[] axes(KernelCall call) {
    int rank = call.shape(0).rank();
    long[] given = call.tensor(1).toLongs();
    return Arrays.stream(given).map(a -> a < 0 ? a + rank : a).sorted().distinct().toArray();
  }

  /** Whether the mean is over all axes behind the channels, and images lie channels-last. */
  private static boolean isOverImages(KernelCall call) {
    if (!call.node().opId().name().equals("ReduceMean")) {
      return true;
    }
    int rank = call.shape(0).rank();
    long[] axes = axes(call);
    return rank > 2
        && axes.length == rank - 2
        && axes[0] == 2
        && call.inputLayouts().getFirst() == Layout.CHANNELS_LAST
        && Layout.coincide(call.outputType().shape());
  }

  private static int positions(KernelCall call) {
    long outer = call.shape(0).size(0) * call.shape(0).size(1);
    return Math.toIntExact(call.shape(0).elementCount() / outer);
  }

  @Override
  public Layout layout(KernelCall call) {
    return isOverImages(call) ? Layout.CHANNELS_LAST : Layout.ROW_MAJOR;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    boolean isFloat = call.element(0) == ElementType.FLOAT;
    if (!isOverImages(call)) {
      return overRows(call);
    }
    return new Prepared(
        call.shape(0).intSize(0),
        call.shape(0).intSize(1),
        positions(call),
        isFloat ? null : Quantization.affine(call, 0, 1, 2),
        isFloat ? null : Quantization.output(call, 3, 4));
  }

  private static PreparedKernel overRows(KernelCall call) {
    int[] sizes = call.shape(0).intSizes();
    long[] axes = axes(call);
    int outer = 1;
    int rows = 1;
    int inner = 1;
    for (int axis = 0; axis < sizes.length; axis++) {
      if (axis < axes[0]) {
        outer *= sizes[axis];
      } else if (axis <= axes[axes.length - 1]) {
        rows *= sizes[axis];
      } else {
        inner *= sizes[axis];
      }
    }
    return new Prepared(outer, inner, rows, null, null);
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
            Primitives.of(scratch)
                .int8()
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
