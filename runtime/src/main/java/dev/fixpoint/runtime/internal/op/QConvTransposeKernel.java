package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.standard.TransposedGeometry;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * QConvTranspose with constant weights and parameters, over channels-last images: one ordinary
 * convolution for each {@link OutputPhase} of both axes.
 */
final class QConvTransposeKernel implements Kernel {
  private static final Attribute<Long> GROUP = Attribute.ofInt("group", 1);
  private static final int WEIGHTS = 3;
  private static final int BIAS = 6;
  private static final int Y_SCALE = 7;
  private static final int Y_ZERO = 8;

  /** Above this, most phases meet no tap at all, and packing them one by one is a waste. */
  private static final long MOST_PHASES = 64;

  @Override
  public boolean supports(KernelCall call) {
    if (!Quantization.isByte(call, 0)
        || !Quantization.isByte(call, WEIGHTS)
        || !ConvShapes.areSupported(call, WEIGHTS)
        || !Quantization.hasArrayOutput(call)
        || !hasFewPhases(call)) {
      return false;
    }
    int columns = call.outputType().shape().intSize(1);
    return Quantization.areConstant(call, 1, 2, WEIGHTS, 4, 5, BIAS, Y_SCALE, Y_ZERO)
        && Quantization.isSingle(call, 1)
        && Quantization.isSingle(call, 2)
        && Quantization.isPerChannel(call, 4, columns)
        && Quantization.isSingle(call, 5);
  }

  /** Whether it is worth a convolution for each phase. */
  static boolean hasFewPhases(KernelCall call) {
    List<Long> strides = call.call().attributes().find(WindowGeometry.STRIDES);
    return strides == null || strides.stream().reduce(1L, Math::multiplyExact) <= MOST_PHASES;
  }

  @Override
  public Layout layout(KernelCall call) {
    return Layout.CHANNELS_LAST;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int[] x = call.shape(0).intSizes();
    int[] y = call.outputType().shape().intSizes();
    List<WindowGeometry.Axis> axes = axes(call);
    List<OutputPhase> rows = OutputPhase.of(axes.getFirst());
    List<OutputPhase> columns = OutputPhase.of(axes.getLast());
    boolean kept = hasFixedPhases(call);
    QTransposedConvolution.Packed packed =
        kept
            ? call.packed()
                .get(
                    call.node(),
                    QTransposedConvolution.Packed.class,
                    () -> pack(call, rows, columns))
            : pack(call, rows, columns);
    return new QTransposedConvolution(packed, x, y, rows, columns, kept);
  }

  /** The axes of the windows from the output to the input: rows, then columns. */
  static List<WindowGeometry.Axis> axes(KernelCall call) {
    int[] w = call.shape(WEIGHTS).intSizes();
    int[] x = call.shape(0).intSizes();
    int[] y = call.outputType().shape().intSizes();
    List<WindowGeometry.Axis> axes =
        new TransposedGeometry(call.call().attributes(), Arrays.copyOfRange(w, 2, w.length))
            .windows(Arrays.copyOfRange(x, 2, x.length), Arrays.copyOfRange(y, 2, y.length))
            .axes();
    return axes.size() == 2 ? axes : List.of(WindowGeometry.Axis.POINT, axes.getFirst());
  }

  /** Sizes that are given make pads, and with them the phases, depend on the input's size. */
  static boolean hasFixedPhases(KernelCall call) {
    return call.call().attributes().find(TransposedGeometry.OUTPUT_SHAPE) == null;
  }

  private static QTransposedConvolution.Packed pack(
      KernelCall call, List<OutputPhase> rows, List<OutputPhase> columns) {
    int groups = Math.toIntExact(call.get(GROUP));
    int[] w = call.shape(WEIGHTS).intSizes();
    boolean depthwise = w[0] == groups && groups > 1;
    List<QTransposedConvolution.Part> parts = new ArrayList<>();
    for (OutputPhase row : rows) {
      for (OutputPhase column : columns) {
        parts.add(part(call, row, column, groups, depthwise));
      }
    }
    return new QTransposedConvolution.Packed(parts, groups);
  }

  private static QTransposedConvolution.Part part(
      KernelCall call, OutputPhase row, OutputPhase column, int groups, boolean depthwise) {
    int columns = call.shape(WEIGHTS).intSize(1);
    var int8 = Primitives.of(call.packed()).int8();
    if (depthwise) {
      Int8Weights all = weights(call, row, column, 0, groups * columns);
      if (all.fitsFloat()) {
        return new QTransposedConvolution.Part(
            List.of(int8.packDepthwise(all)), true, epilogue(call, List.of(all)));
      }
    }
    List<Int8Weights> weights = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      weights.add(weights(call, row, column, group * columns, columns));
    }
    List<PackedWeights> packed = weights.stream().map(int8::pack).toList();
    return new QTransposedConvolution.Part(packed, false, epilogue(call, weights));
  }

  /** The weights that some output channels have in one phase; weights of 0 where it has none. */
  private static Int8Weights weights(
      KernelCall call, OutputPhase row, OutputPhase column, int first, int count) {
    int all = call.outputType().shape().intSize(1);
    byte[] values = bytes(call, row, column, first, count);
    int[] zeros = new int[count];
    Arrays.fill(zeros, Quantization.zero(call, 5));
    return IntegerProofs.proved(
        new Int8Weights(
            values,
            count,
            values.length / count,
            call.element(WEIGHTS) == ElementType.UINT8,
            zeros,
            Arrays.copyOfRange(Quantization.bias(call, BIAS, all), first, first + count),
            call.element(0) == ElementType.UINT8,
            Quantization.zero(call, 2)));
  }

  /** These weights column by column: taps of the phase, and input channels within them. */
  static byte[] bytes(KernelCall call, OutputPhase row, OutputPhase column, int first, int count) {
    int[] sizes = call.shape(WEIGHTS).intSizes();
    int height = sizes.length == 4 ? sizes[2] : 1;
    int width = sizes[sizes.length - 1];
    int maps = sizes[1];
    int channels = sizes[0] / Math.toIntExact(call.get(GROUP));
    byte[] given = call.tensor(WEIGHTS).toBytes();
    byte[] values = new byte[count * row.kernel() * column.kernel() * channels];
    boolean none = row.taps().isEmpty() || column.taps().isEmpty();
    Arrays.fill(values, (byte) Quantization.zero(call, 5));
    int at = 0;
    for (int m = first; m < first + count && !none; m++) {
      for (int ky : row.taps()) {
        for (int kx : column.taps()) {
          for (int c = 0; c < channels; c++) {
            int from = (m / maps * channels + c) * maps + m % maps;
            values[at++] = given[(from * height + ky) * width + kx];
          }
        }
      }
    }
    return values;
  }

  private static Epilogue epilogue(KernelCall call, List<Int8Weights> parts) {
    int columns = call.outputType().shape().intSize(1);
    return Quantization.epilogue(
        call,
        Quantization.scale(call, 1),
        Quantization.scales(call, 4, columns),
        IntegerProofs.magnitudes(parts),
        Y_SCALE,
        Y_ZERO,
        Epilogue.Residual.NONE);
  }
}
