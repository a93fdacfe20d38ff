package dev.fixpoint.examples;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.improve.Improvement;
import dev.fixpoint.transform.improve.Improvements;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What outlier channels cost 8 bits, and what SmoothQuant and the split of LLM.int8() bring back:
 * {@link TransformerBlock} with channels a hundred times as large as the others.
 */
public final class OutlierChannels {
  private static final float FACTOR = 100;
  private static final long WEIGHTS = 1;
  private static final long CALIBRATION = 2;
  private static final long TEST = 3;

  private OutlierChannels() {}

  /**
   * What a way to quantize brings.
   *
   * @param decibels signal to noise of the output on integers
   * @param integerShare share of the products on integers
   */
  public record Line(double decibels, double integerShare) {}

  /** The lines for int8 alone, SmoothQuant, the outlier split, and the scheme of SmoothQuant. */
  public static Map<String, Line> lines() {
    Improvements smooth = Improvements.of(Improvement.SMOOTH);
    Map<String, Line> lines = new LinkedHashMap<>();
    lines.put("int8 alone", line(QuantScheme.DEFAULT, Improvements.NONE));
    lines.put("smooth", line(QuantScheme.DEFAULT, smooth));
    lines.put("outliers", line(QuantScheme.DEFAULT, Improvements.of(Improvement.OUTLIERS)));
    lines.put("w8a8 without smooth", line(QuantScheme.W8A8, Improvements.NONE));
    lines.put("w8a8", line(QuantScheme.W8A8, smooth));
    return lines;
  }

  private static Line line(QuantScheme scheme, Improvements improvements) {
    Compiler compiler =
        new Compiler(
            CompilerOptions.DEFAULT
                .withEvaluator(new RuntimeEvaluator())
                .withScheme(scheme)
                .withImprovements(improvements));
    Graph block = TransformerBlock.graph(WEIGHTS, FACTOR);
    Map<String, Tensor> samples =
        Map.of(TransformerBlock.INPUT, TransformerBlock.inputs(CALIBRATION, 128));
    Graph quantized = compiler.quantize(block, List.of(samples)).graph();
    Tensor test = TransformerBlock.inputs(TEST, 64);
    try (InferenceSession real = InferenceSession.of(compiler.optimize(block).graph());
        InferenceSession integer = InferenceSession.of(compiler.lower(quantized).graph())) {
      return new Line(
          Logits.sqnr(output(real, test), output(integer, test)),
          integer.plan(Map.of(TransformerBlock.INPUT, test.shape())).integerMacShare());
    }
  }

  private static Tensor output(InferenceSession session, Tensor input) {
    return session.run(Map.of(TransformerBlock.INPUT, input)).values().iterator().next();
  }

  /** Prints a line for each way. */
  public static void main(String[] arguments) {
    lines()
        .forEach(
            (name, line) ->
                System.out.printf(
                    "%-20s %5.1f dB   integer_mac_share %.3f%n",
                    name, line.decibels(), line.integerShare()));
  }
}
