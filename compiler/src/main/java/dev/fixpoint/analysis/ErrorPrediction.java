package dev.fixpoint.analysis;

import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An estimate, not a bound, of the signal-to-noise ratio of every tensor of a quantized graph,
 * before that graph has run: the float graph runs on sample inputs, and noise is carried through it
 * beside the values.
 *
 * <p>The noise of a quantizer is drawn: uniform within half a step, so that its variance is a
 * twelfth of the step's square, and what clipping cuts off the sample values. That of a weighted
 * sum follows from the weights as they are. It is carried as samples and not as variances, because
 * errors of neighbouring elements are far from independent: behind a mean over an image, variances
 * that add up are off by up to 9 dB.
 */
public final class ErrorPrediction {
  private ErrorPrediction() {}

  /**
   * What is expected of one tensor.
   *
   * @param tensor its name in the quantized graph
   * @param node what makes it
   * @param signal mean square of its values
   * @param noise expected mean square of what quantization adds
   */
  public record Line(String tensor, String node, double signal, double noise) {
    /** The expected signal-to-noise ratio in decibel; infinite where no noise is expected. */
    public double decibels() {
      return 10 * Math.log10(signal / noise);
    }
  }

  /**
   * Predicts every tensor that both graphs have.
   *
   * @param inputRanges declared range by input name
   * @param evaluator runs the float graph
   * @param samples tensor by input name: a batch of calibration data
   */
  public static List<Line> of(
      Derivation derivation,
      Map<String, Range> inputRanges,
      Evaluator evaluator,
      Map<String, Tensor> samples) {
    Graph reference = derivation.reference();
    Set<Value> taps = new HashSet<>(reference.inputs());
    reference.nodes().forEach(node -> taps.addAll(node.outputs()));
    Map<Value, Tensor> tensors = new HashMap<>(reference.initializers());
    evaluator
        .prepare(reference, taps)
        .evaluate(samples, (value, tensor) -> tensors.put(value, copy(tensor)));
    Counterparts pair = Counterparts.of(derivation);
    CompiledRanges compiled = new CompiledRanges(pair, derivation.promises(), inputRanges, true);
    NoiseSweep sweep = new NoiseSweep(pair, compiled, tensors);
    List<Line> lines = new ArrayList<>();
    for (Node node : reference.nodes()) {
      for (Value value : node.outputs()) {
        Value now = pair.of(value);
        if (now != null && sweep.knows(value)) {
          Node maker = derivation.target().producer(now);
          String made = maker == null ? node.describe() : maker.describe();
          lines.add(new Line(now.name(), made, sweep.signal(value), sweep.noise(value)));
        }
      }
    }
    return lines;
  }

  /** A tap's tensor may be freed when the tap returns. */
  private static Tensor copy(Tensor tensor) {
    byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
    return Tensor.of(tensor.type(), MemorySegment.ofArray(bytes));
  }
}
