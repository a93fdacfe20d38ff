package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.transform.weights.PairedMoments;

/**
 * Bias correction (M. Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias
 * Correction", arXiv:1906.04721, section 4.2, with data): the mean by which quantization moves an
 * output channel is taken off its bias, {@code b' = b + E w·x - E w'·x'}, with x the layer's input
 * in float and x' as quantized. It lessens the mean error, not the largest.
 *
 * <pre>
 *   y = Conv(x', w', b)    →    y = Conv(x', w', b')
 * </pre>
 *
 * @param reference float graph and calibration data
 */
public record CorrectBiases(Reference reference) implements Pass {
  private static final String NAME = "bias";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    return LayerByLayer.change(
        graph, reference, (current, layer, real) -> correct(current, layer, real, context));
  }

  private Graph correct(Graph graph, QuantizedLayer layer, FloatLayer real, PassContext context) {
    if (layer.bias() == null) {
      return graph;
    }
    PairedMoments moments =
        LayerSamples.of(reference, real, graph, layer, context.evaluator(), false);
    double[] weights = layer.reals();
    double[] biases = real.biases(layer.matrix().rows());
    for (int row = 0; row < biases.length; row++) {
      biases[row] +=
          moments.mean(row, layer.matrix().row(real.weights(), row))
              - moments.quantizedMean(row, layer.matrix().row(weights, row));
    }
    return LayerChange.of(layer).withBiases(biases).apply(NAME, graph, context);
  }
}
