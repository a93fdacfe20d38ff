package dev.fixpoint.cli.report;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.report.LayerFigures;
import dev.fixpoint.report.QuantizerFigures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The report as objects of JSON. */
public final class ReportJson {
  private ReportJson() {}

  /** The whole report; ratios that are infinite are left out. */
  public static Map<String, Object> of(Quantization quantization) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("model", quantization.name());
    object.put(
        "layers",
        quantization.layers().stream()
            .map(layer -> layer(layer, quantization.expected(layer.value())))
            .toList());
    object.put(
        "fired",
        quantization.result().records().stream()
            .map(
                record ->
                    ordered(
                        "rewrite", record.rewrite(),
                        "contract", record.contract(),
                        "nodes", record.before().stream().map(Node::describe).toList()))
            .toList());
    object.put(
        "refused",
        quantization.result().refusals().stream()
            .map(
                refusal ->
                    ordered(
                        "rewrite", refusal.rule(),
                        "node", refusal.node().describe(),
                        "reason", refusal.reason()))
            .toList());
    object.put(
        "nodes",
        quantization.result().report().entries().stream()
            .map(
                entry ->
                    ordered(
                        "node", entry.node(),
                        "operator", entry.operator(),
                        "integer", entry.integer(),
                        "reason", entry.reason()))
            .toList());
    object.put("graph_before", graph(quantization.before()));
    object.put("graph_after", graph(quantization.result().graph()));
    return object;
  }

  private static Map<String, Object> layer(LayerFigures layer, Expectation expected) {
    Map<String, Object> object =
        ordered("value", layer.value(), "node", layer.node(), "operator", layer.operator());
    layer.sqnr().ifPresent(decibels -> object.put("sqnr_db", decibels));
    expected.decibels().ifPresent(decibels -> object.put("predicted_sqnr_db", decibels));
    object.put("rmse", layer.rmse());
    object.put("max_abs", layer.largest());
    expected.unclipped().ifPresent(bound -> object.put("certified_unclipped", bound));
    expected.unconditional().ifPresent(bound -> object.put("certified", bound));
    layer.quantizer().ifPresent(quantizer -> object.put("quantizer", quantizer(quantizer)));
    return object;
  }

  private static Map<String, Object> quantizer(QuantizerFigures figures) {
    return ordered(
        "type", figures.type(),
        "scale", figures.scale(),
        "low", figures.low(),
        "high", figures.high(),
        "least", figures.least(),
        "greatest", figures.greatest(),
        "rmse", figures.rmse(),
        "expected_rmse", figures.expectedRmse(),
        "clipped_share", figures.clipped(),
        "histogram", figures.histogram());
  }

  private static List<Map<String, Object>> graph(Graph graph) {
    List<Map<String, Object>> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(
          ordered(
              "node", node.name(),
              "operator", node.opId().toString(),
              "inputs", node.inputs().stream().filter(Objects::nonNull).map(Value::name).toList(),
              "outputs", node.outputs().stream().map(Value::name).toList()));
    }
    return nodes;
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
    }
    return object;
  }
}
