package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.WeightedOperator;
import dev.fixpoint.transform.weights.WeightMatrix;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A layer of a fake-quantized graph: its weights pass through a FakeQuant with constant scales, its
 * bias, if any, is an int32 constant behind a DequantizeLinear.
 *
 * @param node the layer
 * @param matrix form of the weights
 * @param fakeQuant the FakeQuant of the weights
 * @param weights the weights before it
 * @param scales scale of each output channel, or one for all
 * @param zeroPoints zero point that goes with each scale
 * @param inputScale scale of the layer's input
 * @param bias the bias, or null
 */
record QuantizedLayer(
    Node node,
    WeightMatrix matrix,
    Node fakeQuant,
    Tensor weights,
    Tensor scales,
    @Nullable Tensor zeroPoints,
    float inputScale,
    @Nullable IntegerBias bias) {

  /**
   * A bias as integers.
   *
   * @param dequantizer the DequantizeLinear that makes it
   * @param integers int32, one for each output channel
   * @param scales float32, one for each output channel or one for all
   */
  record IntegerBias(Node dequantizer, Tensor integers, Tensor scales) {
    /** The scale of a channel. */
    double scale(int channel) {
      return scales.doubleAt(scales.elementCount() == 1 ? 0 : channel);
    }
  }

  /** The layer at a node, if it is one. */
  static Optional<QuantizedLayer> of(GraphView graph, Node node) {
    if (!WeightedOperator.isWeighted(node)) {
      return Optional.empty();
    }
    Node fake = graph.producer(node.input(WeightedOperator.WEIGHTS));
    if (fake == null || !fake.calls(QuantOps.FAKE_QUANT)) {
      return Optional.empty();
    }
    Tensor weights = graph.constant(fake.input(0));
    Tensor scales = graph.constant(fake.input(1));
    Value zeroInput = fake.inputOrNull(2);
    Tensor zeros = zeroInput == null ? null : graph.constant(zeroInput);
    boolean known = weights != null && scales != null && (zeroInput == null || zeros != null);
    boolean single = graph.useCount(fake.output()) == 1;
    float inputScale = inputScale(graph, node);
    if (!known || weights == null || scales == null || !single || Float.isNaN(inputScale)) {
      return Optional.empty();
    }
    IntegerBias bias = bias(graph, node);
    return WeightMatrix.of(node, weights.shape())
        .filter(m -> scales.elementCount() == 1 || scales.elementCount() == m.rows())
        .map(m -> new QuantizedLayer(node, m, fake, weights, scales, zeros, inputScale, bias));
  }

  /** The scale of the FakeQuant before a layer; not a number where there is none. */
  private static float inputScale(GraphView graph, Node node) {
    Node producer = graph.producer(node.input(0));
    Tensor scale =
        producer != null && producer.calls(QuantOps.FAKE_QUANT)
            ? graph.constant(producer.input(1))
            : null;
    return scale == null || scale.elementCount() != 1 ? Float.NaN : (float) scale.doubleAt(0);
  }

  private static @Nullable IntegerBias bias(GraphView graph, Node node) {
    Value bias = node.inputOrNull(WeightedOperator.BIAS);
    Node dequantizer = bias == null ? null : graph.producer(bias);
    if (dequantizer == null
        || !dequantizer.calls(QuantOps.DEQUANTIZE_LINEAR)
        || graph.useCount(dequantizer.output()) != 1) {
      return null;
    }
    Tensor integers = graph.constant(dequantizer.input(0));
    Tensor scales = graph.constant(dequantizer.input(1));
    return integers == null || scales == null || integers.elementType() != ElementType.INT32
        ? null
        : new IntegerBias(dequantizer, integers, scales);
  }

  /** The bias of each output channel in real units; null where there is none. */
  double @Nullable [] biases() {
    if (bias == null) {
      return null;
    }
    double[] real = bias.integers().toDoubles();
    for (int c = 0; c < real.length; c++) {
      real[c] *= bias.scale(c);
    }
    return real;
  }

  /** What the weights mean: on the grid of their scales. */
  double[] reals() {
    double[] reals = weights.toDoubles();
    for (int row = 0; row < matrix.rows(); row++) {
      QuantParams params = QuantParams.perTensor(type(), (float) scale(row), zeroPoint(row));
      for (int k = 0; k < matrix.columns(); k++) {
        int at = matrix.position(row, k);
        reals[at] = params.dequantize(params.quantize(reals[at], 0), 0);
      }
    }
    return reals;
  }

  /** The integer type of the weights. */
  ElementType type() {
    return zeroPoints == null ? ElementType.UINT8 : zeroPoints.elementType();
  }

  /** The scale of an output channel. */
  double scale(int row) {
    return scales.doubleAt(scales.elementCount() == 1 ? 0 : row);
  }

  /** The zero point of an output channel. */
  long zeroPoint(int row) {
    return zeroPoints == null ? 0 : zeroPoints.longAt(zeroPoints.elementCount() == 1 ? 0 : row);
  }

  /** The smallest multiple of the scale that the type can mean. */
  double lowest(int row) {
    return type().minInteger() - zeroPoint(row);
  }

  /** The largest multiple of the scale that the type can mean. */
  double highest(int row) {
    return type().maxInteger() - zeroPoint(row);
  }
}
