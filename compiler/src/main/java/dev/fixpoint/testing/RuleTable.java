package dev.fixpoint.testing;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A page in Markdown that says of each rule what generated graphs showed. */
public final class RuleTable {
  private static final List<String> SIZES = List.of("K < 32", "K < 512", "K ≥ 512");

  private RuleTable() {}

  /** The page on some rules. */
  public static String page(List<RuleReport> reports) {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    int graphs = reports.stream().mapToInt(RuleReport::graphs).min().orElse(0);
    page.append(
        "Each of the "
            + reports.size()
            + " rules fired on "
            + graphs
            + " graphs or more and kept its contract on all of them.\n\n");
    page.append(
        "| Rule | Algebra | Contract | " + String.join(" | ", SIZES) + " | Near misses |\n");
    page.append("| --- | --- | --- | --- | --- | --- | --- |\n");
    reports.forEach(report -> page.append(row(report)));
    return page.toString();
  }

  private static final String INTRODUCTION =
      """
      # The rules of the catalogue, and what generated graphs say of them

      The build makes this page; a test compares it with what it observes. From each rule alone it
      makes graphs that the rule fires on, evaluates them before and after, and compares the largest
      difference with the bound that the contract declares at the same point. The columns with K give
      the share of the bound that was seen, by the length of the sums of products that were replaced:
      1 means that the bound is reached, a dash that the contract is exact, or that the rule replaces
      no such sums. *Near misses* counts, for each condition, the graphs that fit but for it: the rule
      fired on none of them. Without the condition something goes wrong: the contract breaks, the
      graph does not verify, the replacement throws, or, for a condition marked *profit*, nodes,
      products or bytes grow. A condition marked *portability* keeps other tools from refusing the
      result; nothing goes wrong here without it.

      """;

  private static String row(RuleReport report) {
    StringBuilder row = new StringBuilder();
    row.append("| `" + report.rule().name() + "` | " + cell(report.rule().doc()));
    row.append(" | " + cell(report.rule().contract().text()));
    for (String size : SIZES) {
      Double ratio = report.ratios().get(size);
      row.append(" | " + (ratio == null ? "-" : String.format(Locale.ROOT, "%.2g", ratio)));
    }
    String guards =
        report.guards().stream().map(RuleTable::guard).collect(Collectors.joining("; "));
    return row.append(" | " + guards + " |\n").toString();
  }

  private static String guard(GuardReport guard) {
    String kind =
        switch (guard.kind()) {
          case SOUNDNESS -> "";
          case PROFIT -> " (profit)";
          case PORTABILITY -> " (portability)";
        };
    return cell(guard.condition()) + kind + ": " + guard.nearMisses();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "\\<").replace("\n", " ").replace("*", "\\*");
  }
}
