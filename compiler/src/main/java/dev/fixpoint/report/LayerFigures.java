package dev.fixpoint.report;

import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far one value of a quantized graph is from the same value in float.
 *
 * @param value its name
 * @param node the node that makes it, or its own name where it is an input
 * @param operator that node's operator, or {@code input}
 * @param sqnr {@code 10 log10(Σ y² / Σ (y - y')²)} in decibel, y in float and y' in the quantized
 *     graph after its quantizer; empty where nothing differs
 * @param rmse root of the mean of {@code (y - y')²}
 * @param largest the largest {@code |y - y'|}
 * @param quantizer what its quantizer does to it; empty where it stays in float or the quantizer
 *     has not one constant scale
 */
public record LayerFigures(
    String value,
    String node,
    String operator,
    OptionalDouble sqnr,
    double rmse,
    double largest,
    Optional<QuantizerFigures> quantizer) {
  /** The order of a report: the lowest ratio first, what does not differ last, then by name. */
  public static final Comparator<LayerFigures> WORST_FIRST =
      Comparator.<LayerFigures>comparingDouble(
              layer -> layer.sqnr().orElse(Double.POSITIVE_INFINITY))
          .thenComparing(LayerFigures::value);
}
