package dev.fixpoint.cli;

import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Checks the rules of a file. */
@Command(name = "check", description = "Checks the rules of a file.")
final class RulesCheck implements Callable<Integer> {
  @Mixin private final Console console = new Console();

  @Parameters(paramLabel = "FILE", description = "The file of rules.")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    RuleSet rules = RuleOptions.read(file);
    if (rules.rules().isEmpty()) {
      throw new CommandException(file + ": there is no rule in it; write one");
    }
    Table table = new Table("lll", "rule", "contract", "text");
    for (RewriteRule rule : rules.rules()) {
      table.row(rule.name(), rule.contract().text(), Failure.oneLine(rule.doc()));
    }
    table.print(console);
    return Main.DONE;
  }
}
