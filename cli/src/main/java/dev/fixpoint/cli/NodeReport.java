package dev.fixpoint.cli;

import dev.fixpoint.transform.quantize.QuantReport;
import dev.fixpoint.transform.quantize.QuantReport.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of each node, for people and as JSON. */
final class NodeReport {
  private static final int NAMES = 4;

  private NodeReport() {}

  /** Prints how many nodes run on integers, and the others by operator and reason. */
  static void print(Console console, QuantReport report) {
    List<Entry> floats = report.floats();
    console.line("");
    console.line(
        report.integers().size()
            + " nodes on integers, "
            + floats.size()
            + " in float or on shapes");
    Map<List<String>, List<String>> byReason = new LinkedHashMap<>();
    for (Entry entry : floats) {
      byReason
          .computeIfAbsent(List.of(entry.operator(), entry.reason()), _ -> new ArrayList<>())
          .add(entry.node());
    }
    if (byReason.isEmpty()) {
      return;
    }
    Table table = new Table("rlll", "nodes", "operator", "in float because", "names");
    byReason.forEach(
        (key, names) ->
            table.row(
                Integer.toString(names.size()), key.getFirst(), key.getLast(), shortened(names)));
    table.print(console);
  }

  private static String shortened(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(NAMES, names.size())));
    return names.size() > NAMES ? first + ", …" : first;
  }

  /** Every node as JSON. */
  static List<Map<String, Object>> json(QuantReport report) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Entry entry : report.entries()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("node", entry.node());
      object.put("operator", entry.operator());
      object.put("integer", entry.integer());
      object.put("reason", entry.reason());
      all.add(object);
    }
    return all;
  }
}
