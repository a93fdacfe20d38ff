package dev.fixpoint.cli.report;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.report.LayerFigures;
import java.util.List;
import java.util.Map;

/**
 * What a report tells of.
 *
 * @param name of the model
 * @param before the float graph
 * @param result the quantized graph and how it came about
 * @param layers its figures, the worst first
 * @param expectations what was said of its values before it ran, by name
 */
public record Quantization(
    String name,
    Graph before,
    CompiledModel result,
    List<LayerFigures> layers,
    Map<String, Expectation> expectations) {
  /** Keeps immutable copies. */
  public Quantization {
    layers = List.copyOf(layers);
    expectations = Map.copyOf(expectations);
  }

  /** What was said of a value before the quantized network ran. */
  Expectation expected(String value) {
    return expectations.getOrDefault(value, Expectation.NONE);
  }
}
