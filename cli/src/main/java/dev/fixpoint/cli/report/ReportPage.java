package dev.fixpoint.cli.report;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.pass.PassContext.Refusal;
import dev.fixpoint.report.LayerFigures;
import dev.fixpoint.report.QuantizerFigures;
import dev.fixpoint.rewrite.RewriteRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The report as one HTML page, also well-formed XML, that refers to nothing outside of it. */
public final class ReportPage {
  private final StringBuilder page = new StringBuilder();
  private final Quantization quantization;
  private final boolean hasRanges;
  private final boolean hasExpectations;

  private ReportPage(Quantization quantization) {
    this.quantization = quantization;
    this.hasRanges = quantization.layers().stream().anyMatch(l -> l.quantizer().isPresent());
    this.hasExpectations = !quantization.expectations().isEmpty();
  }

  /** The page. */
  public static String of(Quantization quantization) {
    ReportPage made = new ReportPage(quantization);
    made.head();
    made.layers(quantization.layers());
    made.ledger(quantization.result());
    made.graphs();
    made.page.append(ReportStyle.SCRIPT).append("</body></html>\n");
    return made.page.toString();
  }

  private void head() {
    String name = Markup.text(quantization.name());
    CompiledModel result = quantization.result();
    page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>")
        .append(name)
        .append("</title>")
        .append(ReportStyle.STYLE)
        .append(ReportStyle.GRAPHS)
        .append("</head><body><h1>")
        .append(name)
        .append("</h1><p>")
        .append(result.report().integers().size())
        .append(" nodes on integers, ")
        .append(result.report().floats().size())
        .append(" in float or on shapes; ")
        .append(result.records().size())
        .append(" rewrites fired, ")
        .append(result.refusals().size())
        .append(" refused.</p>");
  }

  private void layers(List<LayerFigures> layers) {
    page.append(
        """
        <h2>Layers, worst first</h2>
        <p>SQNR and error of each value against the float network, all layers before it quantized.
        """);
    page.append(
        hasRanges
            ? """
              Rounding is the error of its own quantizer, as a multiple of scale/√12. The \
              histogram's shaded part is the chosen range; red lies outside.
              """
            : "No value has a range chosen in advance.");
    page.append(
        hasExpectations
            ? """
               Predicted was estimated before the quantized network ran; certified is proved of \
              the largest difference while no quantizer clips, for all inputs in the box.
              """
            : "");
    page.append(
        """
        </p><p><input id="filter" placeholder="filter by name"/></p>
        <table id="layers"><thead><tr><th>layer</th><th>operator</th><th>SQNR dB</th>\
        """);
    page.append(hasExpectations ? "<th>predicted</th>" : "").append("<th>RMSE</th>");
    page.append(hasExpectations ? "<th>largest</th><th>certified</th>" : "");
    page.append(
        hasRanges ? "<th>rounding</th><th>clipped</th><th>range</th><th>histogram</th>" : "");
    page.append("</tr></thead><tbody>\n");
    layers.forEach(this::layer);
    page.append("</tbody></table>");
  }

  private void layer(LayerFigures layer) {
    String value = Markup.text(layer.value());
    page.append("<tr data-layer=\"").append(value).append("\">");
    cell(value);
    cell(Markup.text(layer.operator()));
    cell(
        layer.sqnr().isPresent()
            ? Markup.number("%.2f", layer.sqnr().getAsDouble())
            : "nothing differs");
    Expectation expected = quantization.expected(layer.value());
    if (hasExpectations) {
      cell(number("%.2f", expected.decibels()));
    }
    cell(Markup.number(layer.rmse()));
    if (hasExpectations) {
      cell(Markup.number("%.3g", layer.largest()));
      cell(number("%.3g", expected.unclipped()));
    }
    if (hasRanges) {
      layer.quantizer().ifPresentOrElse(this::quantizer, this::floats);
    }
    page.append("</tr>\n");
  }

  private static String number(String format, OptionalDouble value) {
    return value.isPresent() ? Markup.number(format, value.getAsDouble()) : "";
  }

  private void quantizer(QuantizerFigures figures) {
    cell(
        Markup.number("%.2f", figures.rmse() / figures.expectedRmse())
            + " · "
            + Markup.number(figures.expectedRmse()));
    cell(Markup.number("%.2g", 100 * figures.clipped()) + " %");
    cell(
        Markup.text(figures.type())
            + " ["
            + Markup.number(figures.low())
            + ", "
            + Markup.number(figures.high())
            + "]");
    cell(HistogramDrawing.of(figures));
  }

  private void floats() {
    cell("");
    cell("");
    cell("no quantizer");
    cell("");
  }

  private void cell(String content) {
    page.append("<td>").append(content).append("</td>");
  }

  private void ledger(CompiledModel result) {
    page.append("<h2>What fired</h2><table><thead><tr><th>rewrite</th><th>contract</th>")
        .append("<th>times</th></tr></thead><tbody>");
    Map<List<String>, Long> fired =
        result.records().stream()
            .collect(
                Collectors.groupingBy(
                    (RewriteRecord record) -> List.of(record.rewrite(), record.contract()),
                    LinkedHashMap::new,
                    Collectors.counting()));
    fired.forEach((rule, times) -> row(rule.getFirst(), rule.getLast(), times.toString()));
    page.append("</tbody></table><h2>What refused</h2><table><thead><tr><th>rewrite</th>")
        .append("<th>node</th><th>reason</th></tr></thead><tbody>");
    for (Refusal refusal : result.refusals()) {
      row(refusal.rule(), refusal.node().describe(), refusal.reason());
    }
    page.append("</tbody></table><h2>Nodes in float</h2><table><thead><tr><th>node</th>")
        .append("<th>operator</th><th>reason</th></tr></thead><tbody>");
    result.report().floats().forEach(e -> row(e.node(), e.operator(), e.reason()));
    page.append("</tbody></table>");
  }

  private void row(String... cells) {
    page.append("<tr>");
    for (String content : cells) {
      cell(Markup.text(content));
    }
    page.append("</tr>\n");
  }

  private void graphs() {
    page.append("<div class=\"two\"><div><h2>Graph before</h2>")
        .append(new GraphDrawing(quantization.before()).inPage())
        .append("</div><div><h2>Graph after</h2>")
        .append(new GraphDrawing(quantization.result().graph()).inPage())
        .append("</div></div>");
  }
}
