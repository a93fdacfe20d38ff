package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.op.standard.WindowGeometry.Axis;
import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.FloatKernels;
import dev.fixpoint.runtime.internal.simd.Int8Kernels;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.internal.simd.Rounder;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** MaxPool on float32 and 8-bit images, AveragePool on float32 ones, QAveragePool on 8-bit ones. */
enum PoolKernel implements Kernel {
  /** The largest of each window. */
  MAX,
  /** The mean of each window. */
  MEAN,
  /** The mean of each window, requantized. */
  QUANTIZED_MEAN;

  private static final Attribute<Long> CHANNELS_LAST = Attribute.ofInt("channels_last", 0);
  private static final Attribute<Long> COUNT_INCLUDE_PAD = Attribute.ofInt("count_include_pad", 0);

  @Override
  public boolean supports(KernelCall call) {
    if (!call.shape(0).isStatic()
        || !Buffer.isArrayType(call.type(0))
        || !Buffer.isArrayType(call.outputType())
        || call.outputTypes().size() != 1) {
      return false;
    }
    int rank = call.shape(0).rank();
    boolean isFloat = call.element(0) == ElementType.FLOAT;
    boolean typed =
        switch (this) {
          case MAX -> isFloat || Quantization.isByte(call, 0);
          case MEAN -> isFloat;
          case QUANTIZED_MEAN ->
              Quantization.isByte(call, 0)
                  && Quantization.isByte(call.outputType().elementType())
                  && Quantization.areConstant(call, 1, 2, 3, 4);
        };
    return typed
        && (rank == 3 || rank == 4)
        && call.shape(0).elementCount() > 0
        && call.get(CHANNELS_LAST) == 0
        && windows(call).axes().stream().allMatch(PoolKernel::isFilled);
  }

  private static boolean isFilled(Axis axis) {
    return IntStream.range(0, axis.output()).allMatch(w -> axis.firstTap(w) < axis.endTap(w));
  }

  private static WindowGeometry windows(KernelCall call) {
    int[] sizes = call.shape(0).intSizes();
    List<Long> kernel = call.get(WindowGeometry.KERNEL_SHAPE);
    return WindowGeometry.of(
        call.call().attributes(),
        Arrays.copyOfRange(sizes, 2, sizes.length),
        kernel.stream().mapToInt(Math::toIntExact).toArray());
  }

  @Override
  public Layout layout(KernelCall call) {
    return Layout.CHANNELS_LAST;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    List<Axis> axes = windows(call).axes();
    boolean quantized = this == QUANTIZED_MEAN;
    return new Prepared(
        this,
        call.shape(0).intSize(0),
        call.shape(0).intSize(1),
        axes.size() == 2 ? axes.getFirst() : Axis.POINT,
        axes.getLast(),
        call.get(COUNT_INCLUDE_PAD) != 0,
        call.element(0) == ElementType.FLOAT,
        quantized ? Quantization.affine(call, 0, 1, 2) : null,
        quantized ? Quantization.output(call, 3, 4) : null);
  }

  private record Prepared(
      PoolKernel function,
      int batch,
      int channels,
      Axis height,
      Axis width,
      boolean countsPads,
      boolean isFloat,
      @Nullable Affine8 source,
      @Nullable Affine8 target)
      implements PreparedKernel {
    @Override
    public int units() {
      return Math.max(1, batch * height.output());
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input > 0;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      Buffer y = operands.output();
      int[] sums = scratch.ints(0, source == null ? 0 : channels);
      for (int row = first; row < Math.min(end, batch * height.output()); row++) {
        if (function == MAX) {
          maxima(x, row, y, scratch);
          continue;
        }
        for (int column = 0; column < width.output(); column++) {
          int to = y.offset() + (row * width.output() + column) * channels;
          if (source != null && target != null) {
            quantizedMean(x, row, column, sums, source, target, y, to, scratch);
          } else {
            floats(x, row, column, y.floats(), to);
          }
        }
      }
    }

    /** Where the tap of a window begins in the input. */
    private int tap(Buffer x, int row, int ky, int column, int kx) {
      int image = row / height.output();
      int iy = height.start(row % height.output()) + ky * height.dilation();
      int ix = width.start(column) + kx * width.dilation();
      return x.offset() + ((image * height.input() + iy) * width.input() + ix) * channels;
    }

    private int taps(int row, int column) {
      int window = row % height.output();
      return countsPads
          ? height.endPaddedTap(window) * width.endPaddedTap(column)
          : (height.endTap(window) - height.firstTap(window))
              * (width.endTap(column) - width.firstTap(column));
    }

    private void floats(Buffer x, int row, int column, float[] y, int to) {
      int window = row % height.output();
      boolean fresh = true;
      for (int ky = height.firstTap(window); ky < height.endTap(window); ky++) {
        for (int kx = width.firstTap(column); kx < width.endTap(column); kx++) {
          int from = tap(x, row, ky, column, kx);
          if (fresh) {
            System.arraycopy(x.floats(), from, y, to, channels);
          } else {
            add(x.floats(), from, y, to, channels);
          }
          fresh = false;
        }
      }
      int count = taps(row, column);
      for (int c = 0; c < channels; c++) {
        y[to + c] /= count;
      }
    }

    private static void add(float[] x, int from, float[] y, int to, int count) {
      for (int c = 0; c < count; c++) {
        y[to + c] += x[from + c];
      }
    }

    /** A row of maxima: over the rows of the windows in long runs, then over their columns. */
    private void maxima(Buffer x, int row, Buffer y, Scratch scratch) {
      int window = row % height.output();
      int length = width.input() * channels;
      int firstTap = height.firstTap(window);
      int from = tap(x, row, firstTap, 0, 0) - width.start(0) * channels;
      int to = y.offset() + row * width.output() * channels;
      int step = height.dilation() * length;
      int rows = height.endTap(window) - firstTap;
      if (isFloat) {
        float[] largest = scratch.floats(0, length);
        System.arraycopy(x.floats(), from, largest, 0, length);
        for (int i = 1; i < rows; i++) {
          Primitives.of(scratch).floats().max(x.floats(), from + i * step, largest, 0, length);
        }
        columns(largest, y.floats(), to, Primitives.of(scratch).floats());
      } else {
        byte[] largest = scratch.bytes(0, length);
        System.arraycopy(x.bytes(), from, largest, 0, length);
        for (int i = 1; i < rows; i++) {
          Primitives.of(scratch)
              .int8()
              .max(x.bytes(), from + i * step, largest, 0, length, x.isUnsigned());
        }
        columns(largest, y.bytes(), to, x.isUnsigned(), Primitives.of(scratch).int8());
      }
    }

    private void columns(float[] row, float[] y, int to, FloatKernels kernels) {
      for (int column = 0; column < width.output(); column++, to += channels) {
        int kx = width.firstTap(column);
        int from = (width.start(column) + kx * width.dilation()) * channels;
        System.arraycopy(row, from, y, to, channels);
        for (kx++; kx < width.endTap(column); kx++) {
          from += width.dilation() * channels;
          kernels.max(row, from, y, to, channels);
        }
      }
    }

    private void columns(byte[] row, byte[] y, int to, boolean unsigned, Int8Kernels kernels) {
      for (int column = 0; column < width.output(); column++, to += channels) {
        int kx = width.firstTap(column);
        int from = (width.start(column) + kx * width.dilation()) * channels;
        System.arraycopy(row, from, y, to, channels);
        for (kx++; kx < width.endTap(column); kx++) {
          from += width.dilation() * channels;
          kernels.max(row, from, y, to, channels, unsigned);
        }
      }
    }

    private void quantizedMean(
        Buffer x,
        int row,
        int column,
        int[] sums,
        Affine8 from,
        Affine8 to,
        Buffer y,
        int at,
        Scratch scratch) {
      int window = row % height.output();
      Arrays.fill(sums, 0, channels, 0);
      int inside = 0;
      for (int ky = height.firstTap(window); ky < height.endTap(window); ky++) {
        for (int kx = width.firstTap(column); kx < width.endTap(column); kx++, inside++) {
          int position = tap(x, row, ky, column, kx);
          Primitives.of(scratch).int8().sum(x.bytes(), position, x.isUnsigned(), sums, 0, channels);
        }
      }
      Means.store(sums, channels, inside, taps(row, column), from, to, y.bytes(), at);
    }
  }

  /** The requantization of integer sums to means. */
  static final class Means {
    private Means() {}

    /**
     * Stores a mean for each sum.
     *
     * @param inside number of elements in each sum
     * @param count number by which it is divided
     */
    static void store(
        int[] sums,
        int channels,
        int inside,
        int count,
        Affine8 source,
        Affine8 target,
        byte[] y,
        int to) {
      float factor = source.scale() / ((float) count * target.scale());
      for (int c = 0; c < channels; c++) {
        float sum = sums[c] - inside * source.zeroPoint();
        y[to + c] = Rounder.saturate(sum * factor, target.zeroPoint(), target.low(), target.high());
      }
    }
  }
}
