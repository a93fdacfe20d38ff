package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** MatMulInteger and ConvInteger with constant weights: exact int32 sums. */
final class IntegerSumsKernel implements Kernel {
  /** MatMulInteger. */
  static final IntegerSumsKernel PRODUCT = new IntegerSumsKernel(false);

  /** ConvInteger. */
  static final IntegerSumsKernel CONVOLUTION = new IntegerSumsKernel(true);

  private static final Attribute<Long> GROUP = Attribute.ofInt("group", 1);
  private static final int W = 1;
  private static final int X_ZERO = 2;
  private static final int W_ZERO = 3;

  /** Products of which any sum is exact in float32, whatever the zero points are. */
  static final int EXACT_DEPTH = (1 << 24) / (256 * 255) - 1;

  /** Products of which any sum fits 32 bits, whatever the zero points are. */
  static final int LONGEST_DEPTH = Integer.MAX_VALUE / (255 * 255);

  private final boolean isConvolution;

  private IntegerSumsKernel(boolean isConvolution) {
    this.isConvolution = isConvolution;
  }

  @Override
  public boolean supports(KernelCall call) {
    if (!Quantization.isByte(call, 0)
        || !Quantization.isByte(call, W)
        || !call.isConstant(W)
        || !call.shape(0).isStatic()
        || !Quantization.areConstant(call, W_ZERO)) {
      return false;
    }
    boolean shapes =
        isConvolution ? ConvShapes.areSupported(call, W) : ProductShapes.areSupported(call, W);
    return shapes
        && depth(call) <= LONGEST_DEPTH
        && positions(call) <= EXACT_DEPTH
        && Quantization.isPerChannel(call, W_ZERO, columns(call))
        && (!call.has(X_ZERO) || isZeroSupported(call));
  }

  private boolean isZeroSupported(KernelCall call) {
    return Buffer.isArrayType(call.type(X_ZERO))
        && (call.shape(X_ZERO).elementCount() == 1
            || (!isConvolution && isForEachRow(call, X_ZERO)));
  }

  /** Whether a zero point of the left side is a vector with one entry for each row. */
  static boolean isForEachRow(KernelCall call, int zero) {
    Shape shape = call.shape(zero);
    return shape.rank() == 1 && shape.size(0) == call.shape(0).size(-2);
  }

  private int columns(KernelCall call) {
    return call.shape(W).intSize(isConvolution ? 0 : 1);
  }

  private int channels(KernelCall call) {
    return isConvolution ? call.shape(W).intSize(1) : ProductShapes.depth(call);
  }

  private long depth(KernelCall call) {
    return call.shape(W).elementCount() / columns(call);
  }

  private int positions(KernelCall call) {
    return Math.toIntExact(depth(call) / channels(call));
  }

  private int groups(KernelCall call) {
    return isConvolution ? Math.toIntExact(call.get(GROUP)) : 1;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    Packed packed = call.packed().get(call.node(), Packed.class, () -> pack(call));
    ConvGeometry whole =
        isConvolution
            ? ConvShapes.geometry(call, W)
            : ConvGeometry.matrix(
                ProductShapes.rows(call), ProductShapes.depth(call), columns(call));
    int each = columns(call) / groups(call);
    List<IntegerSums.Slice> slices = new ArrayList<>();
    for (Part part : packed.parts()) {
      ConvGeometry g = whole.group(part.group(), each).ofChannels(part.first(), part.count());
      slices.add(new IntegerSums.Slice(g, part.weights(), part.isFirst()));
    }
    boolean rows =
        call.has(X_ZERO)
            && !isConvolution
            && call.shape(X_ZERO).elementCount() > 1
            && isForEachRow(call, X_ZERO);
    return new IntegerSums(
        slices, whole, call.outputType(), isConvolution, rows, packed.columnSums());
  }

  /**
   * The weights of some input channels of a group.
   *
   * @param isFirst whether these are the first channels of the group
   */
  private record Part(int group, int first, int count, boolean isFirst, PackedWeights weights) {}

  /**
   * What is packed of a node, whatever the shape of its input.
   *
   * @param columnSums sum of the weights of each column
   */
  private record Packed(List<Part> parts, int[] columnSums) {}

  private Packed pack(KernelCall call) {
    Tensor w = call.tensor(W);
    int columns = columns(call);
    int groups = groups(call);
    byte[] bytes =
        isConvolution
            ? w.toBytes()
            : ProductShapes.byColumns(w.toBytes(), channels(call), columns, false);
    int[] columnSums = new int[columns];
    List<Part> parts = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      int count = channels(call);
      List<Int8Weights> slices = slices(call, bytes, group, count);
      while (count > 1 && !slices.stream().allMatch(IntegerSumsKernel::isExact)) {
        count = Math.ceilDiv(count, 2);
        slices = slices(call, bytes, group, count);
      }
      for (int i = 0; i < slices.size(); i++) {
        Int8Weights slice = slices.get(i);
        int size = slice.depth() / positions(call);
        var packed = Primitives.of(call.packed()).int8().pack(slice);
        parts.add(new Part(group, i * count, size, i == 0, packed));
        for (int c = 0; c < slice.columns(); c++) {
          columnSums[group * slice.columns() + c] += (int) slice.sum(c);
        }
      }
    }
    return new Packed(parts, columnSums);
  }

  /** Whether sums are exact in float32 for every zero point of the input. */
  private static boolean isExact(Int8Weights weights) {
    for (int c = 0; c < weights.columns(); c++) {
      if (weights.magnitude(c) * 256 >= 1 << 24) {
        return false;
      }
    }
    return true;
  }

  /** The weights of a group, so many input channels at a time. */
  private List<Int8Weights> slices(KernelCall call, byte[] bytes, int group, int count) {
    int channels = channels(call);
    int columns = columns(call) / groups(call);
    int first = group * columns;
    int[] zeros =
        Arrays.copyOfRange(Quantization.zeros(call, W_ZERO, columns(call)), first, first + columns);
    boolean unsigned = call.element(0) == ElementType.UINT8;
    List<Int8Weights> slices = new ArrayList<>();
    for (int from = 0; from < channels; from += count) {
      int size = Math.min(count, channels - from);
      slices.add(
          new Int8Weights(
              slice(bytes, first, columns, channels, positions(call), from, size),
              columns,
              size * positions(call),
              call.element(W) == ElementType.UINT8,
              zeros,
              new int[columns],
              unsigned,
              0));
    }
    return slices;
  }

  /** Some channels of weights {@code [M, channels, positions]}, channels inside. */
  private static byte[] slice(
      byte[] weights, int first, int columns, int channels, int positions, int from, int count) {
    byte[] moved = new byte[columns * count * positions];
    int to = 0;
    for (int m = first; m < first + columns; m++) {
      for (int p = 0; p < positions; p++) {
        for (int c = from; c < from + count; c++) {
          moved[to++] = weights[(m * channels + c) * positions + p];
        }
      }
    }
    return moved;
  }
}
