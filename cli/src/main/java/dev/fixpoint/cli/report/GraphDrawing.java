package dev.fixpoint.cli.report;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A graph as SVG: each node one row below the lowest node that it reads. Nodes that read constants
 * only are left out.
 */
final class GraphDrawing {
  private static final int WIDTH = 150;
  private static final int STEP = 170;
  private static final int HEIGHT = 20;
  private static final int ROW = 34;

  /** Room for edges that swing out beside the last column. */
  private static final int MARGIN = 60;

  private final Map<Node, int[]> places = new LinkedHashMap<>();
  private final Map<Value, Node> makers = new HashMap<>();
  private final Map<Integer, Integer> rows = new HashMap<>();

  /** Draws a graph. */
  GraphDrawing(Graph graph) {
    Set<Value> moving = new HashSet<>(graph.inputs());
    for (Node node : graph.nodes()) {
      int row = 0;
      boolean reads = node.inputs().isEmpty();
      for (Value input : node.inputs()) {
        reads |= input != null && moving.contains(input);
        Node maker = input == null ? null : makers.get(input);
        int[] place = maker == null ? null : places.get(maker);
        row = place == null ? row : Math.max(row, place[1] + 1);
      }
      if (reads) {
        places.put(node, new int[] {rows.merge(row, 1, Integer::sum) - 1, row});
        node.outputs().forEach(output -> makers.put(output, node));
        moving.addAll(node.outputs());
      }
    }
  }

  /** Pixels from left to right. */
  int width() {
    int columns = rows.values().stream().mapToInt(Integer::intValue).max().orElse(1);
    return (columns - 1) * STEP + WIDTH + MARGIN;
  }

  /** Pixels from top to bottom. */
  int height() {
    return Math.max(1, rows.size()) * ROW;
  }

  /** The drawing as a part of a page; the page brings the style. */
  String inPage() {
    return "<svg class=\"g\" width=\"%d\" height=\"%d\">%s</svg>"
        .formatted(width(), height(), shapes());
  }

  /** Edges and boxes, without the element around them. */
  String shapes() {
    StringBuilder svg = new StringBuilder();
    places.keySet().forEach(node -> edges(svg, node));
    places.forEach((node, place) -> box(svg, node, place));
    return svg.toString();
  }

  private void edges(StringBuilder svg, Node node) {
    int[] to = places.get(node);
    for (Value input : node.inputs()) {
      Node maker = input == null ? null : makers.get(input);
      int[] from = maker == null ? null : places.get(maker);
      if (from != null && to != null) {
        int x1 = from[0] * STEP + WIDTH / 2;
        int y1 = from[1] * ROW + HEIGHT;
        int x2 = to[0] * STEP + WIDTH / 2;
        int y2 = to[1] * ROW;
        // An edge over several rows swings out to pass beside the boxes in between.
        int swing = to[1] - from[1] > 1 ? WIDTH : 0;
        svg.append(
            "<path d=\"M%d %dC%d %d %d %d %d %d\"/>\n"
                .formatted(x1, y1, x1 + swing, y1 + ROW / 2, x2 + swing, y2 - ROW / 2, x2, y2));
      }
    }
  }

  private static void box(StringBuilder svg, Node node, int[] place) {
    String operator = node.opId().name();
    boolean quantizer = operator.equals("DequantizeLinear") || operator.contains("Quant");
    svg.append(
        ("<g class=\"%s\"><title>%s</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
                + "<text x=\"%d\" y=\"%d\">%s</text></g>\n")
            .formatted(
                quantizer ? "q" : "n",
                Markup.text(node.describe()),
                place[0] * STEP,
                place[1] * ROW,
                WIDTH,
                HEIGHT,
                place[0] * STEP + 6,
                place[1] * ROW + 14,
                Markup.text(operator)));
  }
}
