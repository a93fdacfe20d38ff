package dev.fixpoint.cli.report;

/** How the page looks, and its script; neither has a character that XML would want escaped. */
final class ReportStyle {
  static final String STYLE =
      """
      <style>
      body { font: 12.5px/1.4 sans-serif; margin: 20px; color: #222; }
      h1 { font-size: 22px; } h2 { font-size: 17px; margin-top: 28px; }
      table { border-collapse: collapse; }
      th { text-align: left; background: #f0f2f5; }
      th, td { padding: 4px 7px; white-space: nowrap; border-bottom: 1px solid #ddd; vertical-align: middle; }
      td:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 14em; }
      svg.h { background: #fafafa; display: block; }
      .range { fill: #dfeaf7; } .in { fill: #3b6ea5; } .out { fill: #c0392b; }
      .two { display: flex; gap: 40px; align-items: flex-start; overflow-x: auto; }
      </style>
      """;

  /** Of drawn graphs, in a page or by themselves. */
  static final String GRAPHS =
      """
      <style>
      .g path { fill: none; stroke: #999; }
      .n rect { fill: #e8edf3; stroke: #7a8ba0; } .q rect { fill: #fdf3dc; stroke: #c9a85a; }
      .g text { font: 12px sans-serif; fill: #222; }
      </style>
      """;

  static final String SCRIPT =
      """
      <script>
      const filter = document.getElementById("filter");
      filter.addEventListener("input", function () {
        document.querySelectorAll("#layers tbody tr").forEach(function (row) {
          row.hidden = !row.dataset.layer.includes(filter.value);
        });
      });
      </script>
      """;

  private ReportStyle() {}
}
