package dev.fixpoint.analysis;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.WeightedSum;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * The difference of two weighted sums whose constants differ, by affine forms: {@code Ŵ·(x + d) +
 * b̂ - (W·x + b) = Ŵ·d + (Ŵ - W)·x + b̂ - b}.
 *
 * @param real the sum as it is meant, without a residual
 * @param difference what is added to it
 * @param magnitude sum of the absolute values of its terms
 */
record AffineSum(double[] real, AffineForm difference, double[] magnitude) {
  private static final String ACTIVATION = "activation";

  /**
   * The sum for one input; null where the weights are not constant or their matrix is too large.
   *
   * @param before the call with the constants that are meant, its types those of one sample
   * @param after the call with the constants as they are
   * @param outputs number of elements of the result
   */
  static @Nullable AffineSum of(
      LinearMaps maps,
      Node node,
      Node now,
      OpCall before,
      OpCall after,
      double[] x,
      AffineForm d,
      int outputs) {
    WeightedSum was = node.op().weightedSum(before);
    WeightedSum is = now.op().weightedSum(after);
    if (was == null || is == null) {
      return null;
    }
    LinearMap meant = map(maps, node, before, was, outputs);
    LinearMap stored = map(maps, now, after, is, outputs);
    if (meant == null || stored == null || isVariable(before, was) || isVariable(after, is)) {
      return null;
    }
    double[] bias = addend(before, was, outputs);
    double[] shift = stored.minus(meant).apply(x);
    double[] storedBias = addend(after, is, outputs);
    double[] real = meant.apply(x);
    double[] magnitude = meant.applyMagnitudes(magnitudes(x));
    for (int i = 0; i < outputs; i++) {
      shift[i] += storedBias[i] - bias[i];
      real[i] += bias[i];
      magnitude[i] += Math.abs(bias[i]);
    }
    return new AffineSum(real, d.times(stored).plus(AffineForm.point(shift)), magnitude);
  }

  /** Whether a node's function is one that affine forms follow: none, or Relu. */
  static boolean isFollowed(Node node, WeightedSum sum) {
    return isRelu(node)
        || (sum.lipschitz() == 1 && !node.attributes().values().containsKey(ACTIVATION));
  }

  /** Whether a node's function is Relu. */
  static boolean isRelu(Node node) {
    return node.attributes().values().get(ACTIVATION) instanceof AttributeValue.OfString text
        && text.value().equals("Relu");
  }

  private static boolean isVariable(OpCall call, WeightedSum sum) {
    return call.hasInput(sum.addend()) && call.constant(sum.addend()) == null;
  }

  private static @Nullable LinearMap map(
      LinearMaps maps, Node node, OpCall call, WeightedSum sum, int outputs) {
    Tensor weights = call.constant(sum.weights());
    if (weights == null) {
      return null;
    }
    double[] values = weights.toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] *= sum.weightFactor();
    }
    Tensor scaled = Tensor.ofDoubles(ElementType.DOUBLE, weights.shape(), values);
    return maps.of(
        node, sum.plain(), call.type(0).shape(), outputs, Collections.singletonList(scaled));
  }

  /** The constant addend spread over the elements of a result; zeros where there is none. */
  private static double[] addend(OpCall call, WeightedSum sum, int outputs) {
    double[] spread = new double[outputs];
    Tensor constant = call.constant(sum.addend());
    if (constant != null) {
      double[] values = constant.toDoubles();
      // The bias of a convolution goes along axis 1, that of a product along the last.
      boolean convolution = call.type(1).shape().rank() > 2;
      int each = Math.max(1, outputs / Math.max(1, values.length));
      for (int i = 0; i < outputs; i++) {
        spread[i] = sum.addendFactor() * values[convolution ? i / each : i % values.length];
      }
    }
    return spread;
  }

  private static double[] magnitudes(double[] values) {
    double[] magnitudes = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      magnitudes[i] = Math.abs(values[i]);
    }
    return magnitudes;
  }
}
