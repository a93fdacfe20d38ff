package dev.fixpoint.transform.improve;

import dev.fixpoint.calibration.CalibrationException;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.weights.PairedMoments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a layer really reads in a quantized graph, beside what it reads in the float one: the inputs
 * of both on all calibration data, as moments.
 */
final class LayerSamples {
  private LayerSamples() {}

  /**
   * The moments of a layer's input.
   *
   * @param real the layer in the float graph of the reference
   * @param withSquares whether second moments are wanted, too
   */
  static PairedMoments of(
      Reference reference,
      FloatLayer real,
      Graph quantized,
      QuantizedLayer layer,
      Evaluator evaluator,
      boolean withSquares) {
    PairedMoments moments = new PairedMoments(layer.node(), layer.matrix(), withSquares);
    Evaluator.Evaluation expected = evaluator.prepare(reference.graph(), Set.of(real.input()));
    Value input = layer.node().input(0);
    Evaluator.Evaluation actual = evaluator.prepare(quantized, Set.of(input));
    boolean any = false;
    for (Map<String, Tensor> batch : reference.batches()) {
      any = true;
      List<Tensor> pair = new ArrayList<>();
      expected.evaluate(batch, (_, tensor) -> pair.add(tensor));
      actual.evaluate(batch, (_, tensor) -> pair.add(tensor));
      moments.observe(pair.getFirst(), pair.getLast());
    }
    if (!any) {
      throw new CalibrationException("there is no calibration data; give at least one sample");
    }
    return moments;
  }
}
