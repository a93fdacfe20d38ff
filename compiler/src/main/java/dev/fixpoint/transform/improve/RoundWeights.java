package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.transform.weights.PairedMoments;

/**
 * Rounds each weight up or down so that the layer's outputs, not the weights, come closest to the
 * float ones (after M. Nagel et al., "Up or Down? Adaptive Rounding for Post-Training
 * Quantization", arXiv:2004.10568).
 *
 * <p>With x the layer's input in float and x' as quantized, an output channel loses {@code E (w·x -
 * w'·x')²}, a quadratic form in w' that the moments of x and x' give. It is minimized over the
 * choices of the two neighbours of each weight on the grid: column by column, later ones making up
 * for earlier ones, then by turning single choices while that helps. Layers follow each other in
 * the order of the graph, each seeing what the ones before became.
 *
 * <pre>
 *   y = Conv(x', FakeQuant(w, s), b)    →    y = Conv(x', FakeQuant(w', s), b)    |w - w'| ≤ s
 * </pre>
 *
 * @param reference float graph and calibration data
 */
public record RoundWeights(Reference reference) implements Pass {
  private static final String NAME = "adaround";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    return LayerByLayer.change(
        graph, reference, (current, layer, real) -> round(current, layer, real, context));
  }

  private Graph round(Graph graph, QuantizedLayer layer, FloatLayer real, PassContext context) {
    if (!PairedMoments.fits(layer.matrix())) {
      context.refuse(NAME, layer.node(), "it sums over too many inputs");
      return graph;
    }
    PairedMoments moments =
        LayerSamples.of(reference, real, graph, layer, context.evaluator(), true);
    double[] weights = real.weights();
    double[] rounded = weights.clone();
    for (int group = 0; group < layer.matrix().groups(); group++) {
      RoundingProblem problem =
          RoundingProblem.of(moments, group, layer.matrix().columns(), layer.bias() != null);
      for (int row = 0; row < layer.matrix().rows(); row++) {
        if (layer.matrix().group(row) == group) {
          double[] best =
              problem.solve(
                  layer.matrix().row(weights, row),
                  layer.scale(row),
                  layer.lowest(row),
                  layer.highest(row));
          for (int k = 0; k < best.length; k++) {
            rounded[layer.matrix().position(row, k)] = best[k];
          }
        }
      }
    }
    return LayerChange.of(layer)
        .withWeights(LayerChange.tensor(layer, rounded))
        .apply(NAME, graph, context);
  }
}
