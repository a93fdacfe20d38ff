package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bias of a weighted operator in steps of its accumulator. Integers that come with the right
 * scale, the float32 product of both scales, are taken as they are; others are requantized.
 *
 * @param integers bias of each channel
 * @param distances how far each is from the bias meant, in steps
 */
record LoweredBias(long[] integers, double[] distances) {

  /** The bias of a node, or null where one does not fit 32 bits. */
  static @Nullable LoweredBias of(
      GraphView graph, Node node, float xScale, LoweredWeights weights, int channels) {
    double[] real = WeightedOperator.biases(graph, node, channels);
    if (real == null) {
      return new LoweredBias(new long[channels], new double[channels]);
    }
    Value bias = node.input(WeightedOperator.BIAS);
    long[] integers = new long[channels];
    double[] distances = new double[channels];
    Tensor stored = storedIntegers(graph, node, bias, xScale, weights, channels);
    for (int c = 0; c < channels; c++) {
      float step = xScale * weights.scale(c);
      double steps = real[c] / step;
      double rounded = Math.rint(steps);
      if (!(Math.abs(rounded) < Integer.MAX_VALUE)) {
        return null;
      }
      integers[c] =
          stored == null ? (long) rounded : stored.longAt(stored.elementCount() == 1 ? 0 : c);
      distances[c] = stored == null ? Math.abs(steps - rounded) + 2 * Math.ulp(steps) : 0;
    }
    return new LoweredBias(integers, distances);
  }

  /** The integers behind a bias whose scale is the right one for every channel, or null. */
  private static @Nullable Tensor storedIntegers(
      GraphView graph, Node node, Value bias, float xScale, LoweredWeights weights, int channels) {
    Node dequantizer = graph.producer(bias);
    if (dequantizer == null
        || !dequantizer.calls(QuantOps.DEQUANTIZE_LINEAR)
        || WeightedOperator.biasFactor(node) != 1) {
      return null;
    }
    Tensor integers = graph.constant(dequantizer.input(0));
    Tensor scale = graph.constant(dequantizer.input(1));
    Value zeroInput = dequantizer.inputOrNull(2);
    Tensor zero = zeroInput == null ? null : graph.constant(zeroInput);
    boolean usable =
        integers != null
            && integers.elementType() == ElementType.INT32
            && scale != null
            && scale.elementType() == ElementType.FLOAT
            && (zero == null || isZero(zero));
    for (int c = 0; usable && scale != null && c < channels; c++) {
      double given = scale.doubleAt(scale.elementCount() == 1 ? 0 : c);
      usable = given == xScale * weights.scale(c);
    }
    return usable ? integers : null;
  }

  private static boolean isZero(Tensor zero) {
    for (long value : zero.toLongs()) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /** The largest distance. */
  double distance() {
    double largest = 0;
    for (double distance : distances) {
      largest = Math.max(largest, distance);
    }
    return largest;
  }

  /** The dequantizer of the bias, as a list of none or one. */
  static List<Node> dequantizers(GraphView graph, Node node) {
    Value bias = node.inputOrNull(WeightedOperator.BIAS);
    Node producer = bias == null ? null : graph.producer(bias);
    return producer == null ? List.of() : List.of(producer);
  }
}
