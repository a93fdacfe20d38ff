package dev.fixpoint.cli.report;

import dev.fixpoint.report.QuantizerFigures;

/** A histogram as SVG: bars on a scale of square roots, and the chosen range behind them. */
final class HistogramDrawing {
  private static final int BAR = 3;
  private static final int HEIGHT = 36;

  private HistogramDrawing() {}

  static String of(QuantizerFigures figures) {
    int width = BAR * QuantizerFigures.BINS;
    int margin = BAR * QuantizerFigures.MARGIN;
    StringBuilder svg = new StringBuilder();
    svg.append("<svg class=\"h\" width=\"%d\" height=\"%d\">".formatted(width, HEIGHT));
    svg.append(
        "<rect class=\"range\" x=\"%d\" y=\"0\" width=\"%d\" height=\"%d\"/>"
            .formatted(margin, width - 2 * margin, HEIGHT));
    long most = figures.histogram().stream().mapToLong(Long::longValue).max().orElse(1);
    for (int i = 0; i < figures.histogram().size(); i++) {
      long count = figures.histogram().get(i);
      if (count > 0) {
        int high = (int) Math.ceil(HEIGHT * Math.sqrt((double) count / most));
        boolean outside =
            i < QuantizerFigures.MARGIN || i >= QuantizerFigures.BINS - QuantizerFigures.MARGIN;
        svg.append(
            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
                .formatted(outside ? "out" : "in", i * BAR, HEIGHT - high, BAR, high));
      }
    }
    return svg.append("</svg>").toString();
  }
}
