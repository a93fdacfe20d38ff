package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What QConv, QGemm and QMatMul with 16-bit activations and 8-bit weights have in common. */
final class WideWeights {
  /** Sums as they are. */
  static final Epilogue PLAIN = Epilogue.plain(Activation.NONE, false);

  private static final int WEIGHTS = 3;
  private static final int BIAS = 6;
  private static final int Y_SCALE = 7;
  private static final int Y_ZERO = 8;

  private WideWeights() {}

  /** Whether types and parameters are as these kernels need them, and sums stay exact. */
  static boolean areSupported(KernelCall call, int columns) {
    ElementType output = call.outputType().elementType();
    boolean known =
        WideElements.isWide(call.element(0))
            && Quantization.isByte(call, WEIGHTS)
            && (output == ElementType.FLOAT
                || Quantization.isByte(output)
                || WideElements.isWide(output))
            && call.outputType().shape().isStatic()
            && Quantization.areConstant(call, 1, 2, WEIGHTS, 4, 5, BIAS, Y_SCALE, Y_ZERO)
            && Quantization.isSingle(call, 1)
            && Quantization.isSingle(call, 2)
            && Quantization.isPerChannel(call, 4, columns)
            && Quantization.isPerChannel(call, 5, columns);
    // Weights that are released have been packed, and were exact then.
    Tensor w = known ? call.constant(WEIGHTS) : null;
    long largest = w == null ? 0 : Math.multiplyExact(w.elementCount() / columns, 255L);
    return known && WideParts.of(largest, WideParts.WIDEST) != null;
  }

  /** Weights less their zero points, column by column. */
  static float[] centred(KernelCall call, byte[] byColumn, int columns) {
    boolean unsigned = call.element(WEIGHTS) == ElementType.UINT8;
    int[] zeros = Quantization.zeros(call, 5, columns);
    int depth = byColumn.length / columns;
    float[] values = new float[byColumn.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (unsigned ? byColumn[i] & 0xff : byColumn[i]) - zeros[i / depth];
    }
    return values;
  }

  /**
   * Packs weights.
   *
   * @param values weights less zero points, one column after the other
   * @param groups groups of columns
   * @param depthwise whether each group has one input channel
   */
  static WideProduct.Packed pack(
      KernelCall call, float[] values, int columns, int groups, boolean depthwise) {
    int depth = values.length / columns;
    boolean plain = call.element(0) == ElementType.INT16 && Quantization.zero(call, 2) == 0;
    WideParts parts = parts(values, depth, plain ? Short.SIZE : WideParts.WIDEST);
    var floats = Primitives.of(call.packed()).floats();
    List<PackedWeights> packed = new ArrayList<>();
    if (depthwise) {
      packed.add(
          floats.packDepthwise(new FloatWeights(values, columns, depth, new float[columns])));
    }
    int each = columns / groups;
    for (int i = 0; i < groups && !depthwise; i++) {
      float[] part = Arrays.copyOfRange(values, i * each * depth, (i + 1) * each * depth);
      packed.add(floats.pack(new FloatWeights(part, each, depth, new float[each])));
    }
    return new WideProduct.Packed(
        packed, depthwise, parts, Quantization.bias(call, BIAS, columns), epilogue(call, columns));
  }

  private static WideParts parts(float[] values, int depth, int width) {
    long largest = 0;
    long sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum = i % depth == 0 ? 0 : sum;
      sum += (long) Math.abs(values[i]);
      largest = Math.max(largest, sum);
    }
    WideParts parts = WideParts.of(largest, width);
    if (parts == null) {
      throw new IllegalArgumentException(
          "the weights of an output channel add up to "
              + largest
              + ", with which 16-bit activations have no exact sums; split the node along its depth");
    }
    return parts;
  }

  private static dev.fixpoint.op.quant.Epilogue epilogue(KernelCall call, int columns) {
    return dev.fixpoint.op.quant.Epilogue.of(
        Quantization.scale(call, 1),
        Quantization.scales(call, 4, columns),
        Activation.of(call.call().attributes()),
        call.has(Y_SCALE) ? Quantization.params(call, Y_SCALE, Y_ZERO) : null);
  }

  /** The residual of a convolution. */
  static WideProduct.@Nullable Residual residual(KernelCall call) {
    int input = 9;
    if (!call.has(input)) {
      return null;
    }
    return call.has(10)
        ? new WideProduct.Residual(input, Quantization.scale(call, 10), Quantization.zero(call, 11))
        : new WideProduct.Residual(input, 1, 0);
  }
}
