package dev.fixpoint.cli.report;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.report.LayerFigures;
import java.util.List;

/**
 * What a report tells of.
 *
 * @param name of the model
 * @param before the float graph
 * @param result the quantized graph and how it came about
 * @param layers its figures, the worst first
 */
public record Quantization(
    String name, Graph before, CompiledModel result, List<LayerFigures> layers) {
  /** Keeps an immutable copy. */
  public Quantization {
    layers = List.copyOf(layers);
  }
}
