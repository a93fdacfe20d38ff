package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.WeightedOperator;
import dev.fixpoint.transform.weights.WeightMatrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two layers one after the other, the channels between which may be scaled.
 *
 * @param between what the first makes for the second alone
 * @param first form of the first's weights: row i makes channel i
 * @param output what the second makes
 * @param second form of the second's weights
 */
record ScaledPair(Value between, WeightMatrix first, Value output, WeightMatrix second) {

  /** Number of channels that a layer reads. */
  static int channels(WeightMatrix matrix) {
    return perGroup(matrix) * matrix.groups();
  }

  private static int perGroup(WeightMatrix matrix) {
    return matrix.shape().intSize(matrix.inputAxis());
  }

  /** The channel that an element of the second's weights reads. */
  static int channel(WeightMatrix second, int row, int column) {
    int taps = second.columns() / perGroup(second);
    return second.group(row) * perGroup(second) + column / taps;
  }

  /** Adds both layers, the channels between them divided by the scales. */
  void replace(
      GraphView graph, ReplacementBuilder build, Node before, Node after, double[] scales) {
    double[] inverse = new double[scales.length];
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = 1 / scales[i];
    }
    Value scaled = build.value(between.name() + "_equalized");
    List<@Nullable Value> inputs = new ArrayList<>(before.inputs());
    inputs.set(
        WeightedOperator.WEIGHTS,
        product(build, graph, before.input(WeightedOperator.WEIGHTS), rowFactors(inverse)));
    if (before.hasInput(WeightedOperator.BIAS)) {
      inputs.set(
          WeightedOperator.BIAS,
          product(build, graph, before.input(WeightedOperator.BIAS), inverse));
    }
    build.node(before.op(), before.attributes(), inputs, List.of(scaled));
    List<@Nullable Value> others = new ArrayList<>(after.inputs());
    others.set(0, scaled);
    others.set(
        WeightedOperator.WEIGHTS,
        product(
            build, graph, after.input(WeightedOperator.WEIGHTS), columnFactors(second, scales)));
    build.node(after.op(), after.attributes(), others, after.outputs());
  }

  private double[] rowFactors(double[] factors) {
    double[] each = new double[Math.toIntExact(first.shape().elementCount())];
    for (int row = 0; row < first.rows(); row++) {
      for (int k = 0; k < first.columns(); k++) {
        each[first.position(row, k)] = factors[row];
      }
    }
    return each;
  }

  /** For each element of the weights of a layer the factor of the channel that it reads. */
  static double[] columnFactors(WeightMatrix second, double[] factors) {
    double[] each = new double[Math.toIntExact(second.shape().elementCount())];
    for (int row = 0; row < second.rows(); row++) {
      for (int k = 0; k < second.columns(); k++) {
        each[second.position(row, k)] = factors[channel(second, row, k)];
      }
    }
    return each;
  }

  /** A constant times factors, computed in double and rounded once. */
  static Value product(ReplacementBuilder build, GraphView graph, Value value, double[] factors) {
    Tensor tensor = graph.constant(value);
    if (tensor == null) {
      throw new IllegalArgumentException("'" + value.name() + "' is not constant");
    }
    double[] exact = tensor.toDoubles();
    double[] magnitudes = new double[exact.length];
    for (int i = 0; i < exact.length; i++) {
      exact[i] *= factors[i];
      magnitudes[i] = Math.abs(exact[i]);
    }
    // Two roundings: of the factor, which may be a quotient, and of the product.
    return build.computed(
        value.name() + "_scaled", tensor.elementType(), tensor.shape(), exact, 2, magnitudes);
  }
}
