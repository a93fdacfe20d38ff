package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The constants of a weighted operator whose activations are quantized when they are known.
 *
 * @param integers quantized weights, a Gemm's factor included
 * @param params their parameters
 * @param bias real bias of each output channel, a Gemm's factor included; null where there is none
 * @param error how far the weights are from those meant
 */
record DynamicWeights(
    Tensor integers, QuantParams params, float @Nullable [] bias, ErrorBound error) {

  /** With zero points in the middle of their type, as convolutions of ONNX need them. */
  static DynamicWeights symmetric(GraphView graph, QuantScheme scheme, Node node) {
    Tensor weights = weights(graph, node);
    OutputChannels channels = OutputChannels.of(node, weights.shape());
    QuantParams bytes = QuantParams.perTensor(ElementType.UINT8, 1, 0);
    return of(graph, node, weights, WeightPlan.of(scheme, weights, channels, bytes, null).params());
  }

  /** With a zero point for each channel, so that the integers span its range. */
  static DynamicWeights asymmetric(GraphView graph, QuantScheme scheme, Node node) {
    Tensor weights = weights(graph, node);
    int axis = WeightedOperator.channelAxis(node, weights.shape());
    int channels = scheme.perChannel() ? weights.shape().intSize(axis) : 1;
    double[] low = new double[channels];
    double[] high = new double[channels];
    long inner = 1;
    for (int d = axis + 1; d < weights.shape().rank(); d++) {
      inner *= weights.shape().size(d);
    }
    double[] values = weights.toDoubles();
    for (int i = 0; i < values.length; i++) {
      int c = (int) (i / inner % channels);
      low[c] = Math.min(low[c], values[i]);
      high[c] = Math.max(high[c], values[i]);
    }
    float[] scales = new float[channels];
    long[] zeroPoints = new long[channels];
    for (int c = 0; c < channels; c++) {
      QuantParams channel = QuantParams.asymmetric(scheme.weightType(), low[c], high[c]);
      scales[c] = channel.scale(0);
      zeroPoints[c] = channel.zeroPoint(0);
    }
    QuantParams params =
        channels == 1
            ? QuantParams.perTensor(scheme.weightType(), scales[0], zeroPoints[0])
            : QuantParams.perAxis(scheme.weightType(), axis, scales, zeroPoints);
    return of(graph, node, weights, params);
  }

  private static Tensor weights(GraphView graph, Node node) {
    Tensor given = graph.constant(node.input(WeightedOperator.WEIGHTS));
    if (given == null) {
      throw new IllegalArgumentException(node.describe() + " has no constant weights");
    }
    return PlaceFakeQuant.scaled(node, given);
  }

  private static DynamicWeights of(GraphView graph, Node node, Tensor weights, QuantParams params) {
    Tensor integers = params.quantize(weights);
    double[] quantized = params.dequantize(integers).toDoubles();
    double largest = 0;
    for (int i = 0; i < quantized.length; i++) {
      largest = Math.max(largest, Math.abs(quantized[i] - weights.doubleAt(i)));
    }
    double factor = Math.abs(WeightedOperator.productFactor(node));
    int axis = WeightedOperator.channelAxis(node, weights.shape());
    int channels = axis < 0 ? 1 : weights.shape().intSize(axis);
    double @Nullable [] biases = WeightedOperator.biases(graph, node, channels);
    return new DynamicWeights(
        integers,
        params,
        biases == null ? null : floats(biases),
        ErrorBound.uniform(factor == 0 ? 0 : Math.nextUp(largest / factor)));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** The integers as a matrix {@code [depth, channels]}, from weights whose channels come first. */
  Tensor transposed() {
    int rows = integers.shape().intSize(0);
    int columns = Math.toIntExact(integers.elementCount() / rows);
    long[] given = integers.toLongs();
    long[] values = new long[given.length];
    for (int i = 0; i < values.length; i++) {
      values[i % columns * rows + i / columns] = given[i];
    }
    return Tensor.ofLongs(integers.elementType(), Shape.of(columns, rows), values);
  }

  /** The zero points as a tensor, or null where all are 0. */
  @Nullable Tensor zeroPoints() {
    long[] zeroPoints = params.zeroPoints();
    return Arrays.stream(zeroPoints).allMatch(zero -> zero == 0)
        ? null
        : Tensor.ofLongs(params.elementType(), parameterShape(), zeroPoints);
  }

  /** The scales as a tensor. */
  Tensor scales() {
    return Tensor.ofFloats(parameterShape(), params.scales());
  }

  private Shape parameterShape() {
    return params.isPerTensor() ? Shape.SCALAR : Shape.of(params.count());
  }
}
