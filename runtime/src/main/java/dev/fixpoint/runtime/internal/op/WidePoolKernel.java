package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.op.standard.WindowGeometry.Axis;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** QMaxPool, and QAveragePool and QGlobalAveragePool on 16-bit images. */
enum WidePoolKernel implements Kernel {
  /** The largest of each window. */
  MAX,
  /** The mean of each window, requantized. */
  MEAN,
  /** The mean of each plane, requantized. */
  GLOBAL_MEAN;

  private static final Attribute<Long> COUNT_INCLUDE_PAD = Attribute.ofInt("count_include_pad", 0);

  @Override
  public boolean supports(KernelCall call) {
    int rank = call.shape(0).isStatic() ? call.shape(0).rank() : 0;
    return (WideElements.isWide(call.element(0))
            || WideElements.isWide(call.outputType().elementType()))
        && (rank == 3 || rank == 4)
        && call.shape(0).elementCount() > 0
        && call.outputType().shape().isStatic()
        && (this == MAX || Quantization.areConstant(call, 1, 2, 3, 4))
        && axes(call).stream().allMatch(WidePoolKernel::isFilled);
  }

  private static boolean isFilled(Axis axis) {
    for (int w = 0; w < axis.output(); w++) {
      if (axis.firstTap(w) >= axis.endTap(w)) {
        return false;
      }
    }
    return true;
  }

  /** Both axes of the windows; one window that is the plane for a global mean. */
  private List<Axis> axes(KernelCall call) {
    int[] sizes = call.shape(0).intSizes();
    int[] spatial = Arrays.copyOfRange(sizes, 2, sizes.length);
    if (this == GLOBAL_MEAN) {
      int plane = Arrays.stream(spatial).reduce(1, Math::multiplyExact);
      return List.of(Axis.POINT, new Axis(plane, plane, 1, 1, 0, 0, 1));
    }
    List<Long> kernel = call.get(WindowGeometry.KERNEL_SHAPE);
    List<Axis> axes =
        WindowGeometry.of(
                call.call().attributes(),
                spatial,
                kernel.stream().mapToInt(Math::toIntExact).toArray())
            .axes();
    return axes.size() == 2 ? axes : List.of(Axis.POINT, axes.getFirst());
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    List<Axis> axes = axes(call);
    Means means =
        this == MAX
            ? null
            : new Means(
                Quantization.scale(call, 1),
                Quantization.zero(call, 2),
                Quantization.params(call, 3, 4),
                this == MEAN && call.get(COUNT_INCLUDE_PAD) != 0);
    return new Prepared(
        axes.getFirst(),
        axes.getLast(),
        Math.toIntExact(call.shape(0).size(0) * call.shape(0).size(1)),
        means,
        call.outputType());
  }

  /**
   * How sums become quantized means.
   *
   * @param scale scale of the input
   * @param zeroPoint zero point of the input
   * @param output parameters of the output
   * @param countsPads whether padding counts
   */
  private record Means(float scale, int zeroPoint, QuantParams output, boolean countsPads) {
    long of(long sum, int count) {
      float multiplier = scale / ((float) count * output.scale(0));
      return QuantParams.saturate(
          Math.rint((float) sum * multiplier),
          output.zeroPoint(0),
          output.elementType().minInteger(),
          output.elementType().maxInteger());
    }
  }

  private record Prepared(
      Axis height, Axis width, int planes, @Nullable Means means, TensorType output)
      implements PreparedKernel {
    @Override
    public boolean hasTakenIn(int input) {
      return input > 0;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      int count = Math.toIntExact(output.shape().elementCount());
      WideElements x = WideElements.read(operands.input(0));
      WideElements y = WideElements.write(operands.output(), output.elementType(), count);
      int at = 0;
      for (int plane = 0; plane < planes; plane++) {
        for (int row = 0; row < height.output(); row++) {
          for (int column = 0; column < width.output(); column++) {
            y.set(at++, window(x, plane * height.input() * width.input(), row, column));
          }
        }
      }
      y.store(output);
    }

    private long window(WideElements x, int plane, int row, int column) {
      long largest = Long.MIN_VALUE;
      long sum = 0;
      int zero = means == null ? 0 : means.zeroPoint();
      for (int ky = height.firstTap(row); ky < height.endTap(row); ky++) {
        int line = plane + (height.start(row) + ky * height.dilation()) * width.input();
        for (int kx = width.firstTap(column); kx < width.endTap(column); kx++) {
          int value = x.integer(line + width.start(column) + kx * width.dilation());
          largest = Math.max(largest, value);
          sum += value - zero;
        }
      }
      return means == null ? largest : means.of(sum, taps(row, column));
    }

    private int taps(int row, int column) {
      return means != null && means.countsPads()
          ? height.endPaddedTap(row) * width.endPaddedTap(column)
          : (height.endTap(row) - height.firstTap(row))
              * (width.endTap(column) - width.firstTap(column));
    }
  }
}
