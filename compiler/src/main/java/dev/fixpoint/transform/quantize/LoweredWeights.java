package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.Accumulator;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The right operand of a weighted operator as integers: constant weights with scales by output
 * channel, or a computed tensor with one scale.
 *
 * @param dequantizer the DequantizeLinear that makes the operand
 * @param scales scale of each channel, or one for all; factors of a Gemm included
 * @param rescaled whether {@code scales} differ from those of the dequantizer
 */
record LoweredWeights(Node dequantizer, float[] scales, boolean rescaled) {

  /** The right operand of a node, or null where it is not quantized in a form that fits. */
  static @Nullable LoweredWeights of(GraphView graph, Node node) {
    Value operand = node.input(WeightedOperator.WEIGHTS);
    Node dequantizer = graph.producer(operand);
    float factor = WeightedOperator.productFactor(node);
    if (dequantizer == null || !dequantizer.calls(QuantOps.DEQUANTIZE_LINEAR) || !(factor > 0)) {
      return null;
    }
    Tensor scale = graph.constant(dequantizer.input(1));
    Value zeroInput = dequantizer.inputOrNull(2);
    ElementType type = graph.type(dequantizer.input(0)).elementType();
    boolean usable =
        scale != null
            && scale.elementType() == ElementType.FLOAT
            && (zeroInput == null || graph.constant(zeroInput) != null)
            && dequantizer.get(QuantizeLinear.BLOCK_SIZE) == 0
            && type.isInteger()
            && type.bits() <= 16;
    if (!usable || scale == null || !fitsChannels(graph, node, dequantizer, scale)) {
      return null;
    }
    Tensor zero = zeroInput == null ? null : graph.constant(zeroInput);
    if (zero != null
        && WeightedOperator.isTransposedConvolution(node)
        && Arrays.stream(zero.toLongs()).distinct().count() > 1) {
      return null;
    }
    float[] scales = byChannel(graph, node, dequantizer, scale.toFloats());
    for (int i = 0; i < scales.length; i++) {
      scales[i] *= factor;
      if (!(scales[i] > 0) || scales[i] > Float.MAX_VALUE) {
        return null;
      }
    }
    return new LoweredWeights(
        dequantizer, scales, factor != 1 || scales.length != scale.elementCount());
  }

  /** One scale, or one for each output channel where groups share those along the axis. */
  private static float[] byChannel(GraphView graph, Node node, Node dequantizer, float[] scales) {
    Shape shape = graph.type(dequantizer.input(0)).shape();
    if (scales.length == 1 || !WeightedOperator.isTransposedConvolution(node)) {
      return scales;
    }
    OutputChannels channels = OutputChannels.of(node, shape);
    float[] each = new float[channels.count()];
    for (int c = 0; c < each.length; c++) {
      each[c] = scales[channels.entry(c)];
    }
    return each;
  }

  private static boolean fitsChannels(GraphView graph, Node node, Node dequantizer, Tensor scale) {
    if (scale.elementCount() == 1 && scale.shape().rank() <= 1) {
      return true;
    }
    Shape shape = graph.type(dequantizer.input(0)).shape();
    if (scale.shape().rank() != 1 || !shape.isRanked()) {
      return false;
    }
    long axis = dequantizer.get(QuantizeLinear.AXIS);
    int channelAxis = WeightedOperator.channelAxis(node, shape);
    return channelAxis >= 0 && (axis < 0 ? axis + shape.rank() : axis) == channelAxis;
  }

  /** The integers. */
  Value integers() {
    return dequantizer.input(0);
  }

  /** Whether the weights are known. */
  boolean isConstant(GraphView graph) {
    return graph.constant(integers()) != null;
  }

  /** The scale of a channel. */
  float scale(int channel) {
    return scales[scales.length == 1 ? 0 : channel];
  }

  /** The scales as a tensor. */
  Tensor scaleTensor() {
    return Tensor.ofFloats(scales.length == 1 ? Shape.SCALAR : Shape.of(scales.length), scales);
  }

  /**
   * Whether accumulators of constant weights fit 32 bits for every input; those of 16-bit
   * activations have 64.
   */
  boolean accumulatorsFit(GraphView graph, Node node, QuantParams input, long @Nullable [] bias) {
    Tensor weights = graph.constant(integers());
    if (weights == null || input.elementType().bits() > Byte.SIZE) {
      return true;
    }
    OutputChannels channels = OutputChannels.of(node, weights.shape());
    Value zeroInput = dequantizer.inputOrNull(2);
    Tensor zeros = zeroInput == null ? null : graph.constant(zeroInput);
    long[] sums = new long[channels.count()];
    long[] integers = weights.toLongs();
    long[] zeroPoints = zeros == null ? new long[1] : zeros.toLongs();
    for (int i = 0; i < integers.length; i++) {
      int c = channels.channel(i);
      sums[c] += Math.abs(integers[i] - zeroPoints[channels.entry(c) % zeroPoints.length]);
    }
    ElementType type = input.elementType();
    long magnitude =
        Math.max(type.maxInteger() - input.zeroPoint(0), input.zeroPoint(0) - type.minInteger());
    for (int c = 0; c < sums.length; c++) {
      if (!Accumulator.of(sums[c], magnitude, bias == null ? 0 : bias[c]).fitsInt32()) {
        return false;
      }
    }
    return true;
  }
}
