package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.weights.PairedMoments;

/**
 * Chooses the scale of each output channel's weights by the layer's outputs, and estimates mean and
 * deviation of the outputs anew (after I. Hubara et al., "Improving Post Training Neural
 * Quantization: Layer-wise Calibration and Integer Programming", arXiv:2006.10518: AdaQuant, and
 * its BatchNorm tuning, here on the scale and bias into which BatchNormalization was folded).
 *
 * <p>For each channel, scales from 0.7 to 1 times the plain one are tried with plain rounding; the
 * one with the least {@code E (w·x - w'·x')²} stands. Then {@code γ} and {@code β} of the
 * least-squares fit {@code w·x + b ≈ γ·w'·x' + β} go into the scale, which leaves the integers as
 * they are, and into the bias.
 *
 * <pre>
 *   y = Conv(x', FakeQuant(w, s), b)    →    y = Conv(x', FakeQuant(w', s'), b')
 * </pre>
 *
 * @param reference float graph and calibration data
 */
public record SearchScales(Reference reference) implements Pass {
  private static final String NAME = "adaquant";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    return LayerByLayer.change(
        graph, reference, (current, layer, real) -> search(current, layer, real, context));
  }

  private Graph search(Graph graph, QuantizedLayer layer, FloatLayer real, PassContext context) {
    if (!PairedMoments.fits(layer.matrix()) || layer.scales().elementCount() == 1) {
      context.refuse(NAME, layer.node(), "it has one scale, or sums over too many inputs");
      return graph;
    }
    PairedMoments moments =
        LayerSamples.of(reference, real, graph, layer, context.evaluator(), true);
    int rows = layer.matrix().rows();
    boolean biased = layer.bias() != null;
    double[] weights = layer.weights().toDoubles();
    float[] scales = layer.scales().toFloats();
    double[] biases = real.biases(rows);
    for (int group = 0; group < layer.matrix().groups(); group++) {
      ScaleProblem problem = ScaleProblem.of(moments, group, layer.matrix().columns(), biased);
      for (int row = 0; row < rows; row++) {
        if (layer.matrix().group(row) == group) {
          double[] wanted = layer.matrix().row(real.weights(), row);
          ScaleProblem.Choice choice = problem.best(wanted, layer, row);
          scales[row] = choice.scale();
          for (int k = 0; k < wanted.length; k++) {
            weights[layer.matrix().position(row, k)] = choice.weights()[k];
          }
          biases[row] += moments.mean(row, wanted) - moments.quantizedMean(row, choice.weights());
        }
      }
    }
    LayerChange change =
        LayerChange.of(layer)
            .withWeights(LayerChange.tensor(layer, weights))
            .withScales(Tensor.ofFloats(layer.scales().shape(), scales));
    return (biased ? change.withBiases(biases) : change).apply(NAME, graph, context);
  }
}
