package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.WeightedOperator;
import dev.fixpoint.transform.weights.WeightMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The scales of the channels between pairs of layers, as they come out of equalizing weights. */
final class PairScales {
  private final List<ScaledPair> pairs;
  private final List<double[]> scales = new ArrayList<>();
  private final Map<Value, double[]> weights = new HashMap<>();

  private PairScales(List<ScaledPair> pairs) {
    this.pairs = pairs;
  }

  /** Scales of 1 for the pairs of a graph. */
  static PairScales of(GraphView graph, List<ScaledPair> pairs) {
    PairScales made = new PairScales(pairs);
    for (ScaledPair pair : pairs) {
      double[] ones = new double[pair.first().rows()];
      Arrays.fill(ones, 1);
      made.scales.add(ones);
      made.load(graph, pair.between());
      made.load(graph, pair.output());
    }
    return made;
  }

  private void load(GraphView graph, Value output) {
    Node node = graph.producer(output);
    Tensor tensor = node == null ? null : graph.constant(node.input(WeightedOperator.WEIGHTS));
    if (tensor == null) {
      throw new IllegalArgumentException("no layer with constant weights makes " + output);
    }
    weights.put(output, tensor.toDoubles());
  }

  private double[] weightsOf(Value output) {
    double[] found = weights.get(output);
    if (found == null) {
      throw new IllegalArgumentException("no pair has the layer that makes " + output);
    }
    return found;
  }

  /** The scale of each channel of a pair. */
  double[] of(int pair) {
    return scales.get(pair);
  }

  /** Gives both layers of a pair the same range in each channel. */
  void equalize(int index) {
    ScaledPair pair = pairs.get(index);
    double[] first = weightsOf(pair.between());
    double[] second = weightsOf(pair.output());
    double[] rows = new double[pair.first().rows()];
    double[] columns = new double[rows.length];
    WeightMatrix before = pair.first();
    WeightMatrix after = pair.second();
    for (int r = 0; r < before.rows(); r++) {
      for (int k = 0; k < before.columns(); k++) {
        rows[r] = Math.max(rows[r], Math.abs(first[before.position(r, k)]));
      }
    }
    for (int r = 0; r < after.rows(); r++) {
      for (int k = 0; k < after.columns(); k++) {
        int channel = ScaledPair.channel(after, r, k);
        columns[channel] = Math.max(columns[channel], Math.abs(second[after.position(r, k)]));
      }
    }
    double[] factors = new double[rows.length];
    for (int i = 0; i < factors.length; i++) {
      boolean usable = rows[i] > 0 && columns[i] > 0;
      factors[i] = usable ? Math.sqrt(rows[i] / columns[i]) : 1;
      scales.get(index)[i] *= factors[i];
    }
    for (int r = 0; r < before.rows(); r++) {
      for (int k = 0; k < before.columns(); k++) {
        first[before.position(r, k)] /= factors[r];
      }
    }
    double[] spread = ScaledPair.columnFactors(after, factors);
    for (int i = 0; i < second.length; i++) {
      second[i] *= spread[i];
    }
  }
}
