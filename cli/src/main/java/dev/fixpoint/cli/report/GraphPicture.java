package dev.fixpoint.cli.report;

import dev.fixpoint.ir.Graph;
import java.util.LinkedHashMap;
import java.util.Map;

/** Graphs as an SVG file that stands by itself. */
public final class GraphPicture {
  private static final int TITLE = 26;
  private static final int MARGIN = 10;

  private GraphPicture() {}

  /**
   * Draws graphs side by side.
   *
   * @param graphs graph by the title above it, in order from left to right
   */
  public static String of(Map<String, Graph> graphs) {
    Map<String, GraphDrawing> drawings = new LinkedHashMap<>();
    graphs.forEach((title, graph) -> drawings.put(title, new GraphDrawing(graph)));
    int height = drawings.values().stream().mapToInt(GraphDrawing::height).max().orElse(0);
    int width = drawings.values().stream().mapToInt(GraphDrawing::width).sum();
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" class=\"g\">\n%s"
            .formatted(width + MARGIN, height + TITLE + MARGIN, ReportStyle.GRAPHS));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    int x = MARGIN;
    for (Map.Entry<String, GraphDrawing> each : drawings.entrySet()) {
      svg.append(
          "<text x=\"%d\" y=\"18\">%s</text>\n<g transform=\"translate(%d,%d)\">%s</g>\n"
              .formatted(x, Markup.text(each.getKey()), x, TITLE, each.getValue().shapes()));
      x += each.getValue().width();
    }
    return svg.append("</svg>\n").toString();
  }
}
