package dev.fixpoint.cli;

import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.testing.RuleReport;
import dev.fixpoint.testing.RuleTester;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Checks the rules of a file: their text, then each on graphs that are made from the rule alone.
 */
@Command(
    name = "check",
    description = "Checks the rules of a file, each on graphs that are made from the rule alone.")
final class RulesCheck implements Callable<Integer> {
  @Mixin private final Console console = new Console();

  @Parameters(paramLabel = "FILE", description = "The file of rules.")
  private Path file = Path.of("");

  @Option(
      names = "--graphs",
      paramLabel = "N",
      description = "Graphs for each rule; 200 by default, 0 checks the text alone.")
  private int graphs = 200;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "Where the graphs begin; 1 by default. A failure names the seed that finds it.")
  private long seed = 1;

  @Option(names = "--strict", description = "Exit code 1 for remarks, too.")
  private boolean strict;

  @Override
  public Integer call() {
    if (graphs < 0) {
      throw new CommandException("--graphs " + graphs + ": give a number of 0 or more");
    }
    RuleSet rules = RuleOptions.read(file);
    if (rules.rules().isEmpty()) {
      throw new CommandException(file + ": there is no rule in it; write one");
    }
    Table table = new Table("llrrl", "rule", "contract", "graphs", "of its bound", "text");
    List<RuleReport> reports = new ArrayList<>();
    for (RewriteRule rule : rules.rules()) {
      RuleReport report =
          graphs == 0
              ? new RuleReport(rule, 0, Map.of(), List.of(), List.of(), List.of())
              : RuleTester.of(rule).withSeed(seed).report(graphs);
      reports.add(report);
      table.row(
          rule.name(),
          rule.contract().text(),
          Integer.toString(report.graphs()),
          ratio(report),
          Failure.oneLine(rule.doc()));
    }
    table.print(console);
    reports.forEach(this::problems);
    boolean fails =
        reports.stream()
            .anyMatch(r -> !r.failures().isEmpty() || (strict && !r.remarks().isEmpty()));
    return fails ? Main.FELL_SHORT : Main.DONE;
  }

  private static String ratio(RuleReport report) {
    return report.ratios().values().stream()
        .max(Double::compare)
        .map(ratio -> String.format(Locale.ROOT, "%.2g", ratio))
        .orElse("-");
  }

  private void problems(RuleReport report) {
    for (String failure : report.failures()) {
      console.line(
          Terminal.OUT.styled("bold,red", "failed: ") + report.rule().name() + ": " + failure);
    }
    for (String remark : report.remarks()) {
      console.line(
          Terminal.OUT.styled("yellow", "remark: ") + report.rule().name() + ": " + remark);
    }
  }
}
