package dev.fixpoint.cli;

import dev.fixpoint.rewrite.RewriteRule;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the rules: name, contract and text. */
@Command(name = "list", description = "Lists the rules: name, contract and text.")
final class RulesList implements Callable<Integer> {
  @Mixin private final Console console = new Console();
  @Mixin private final RuleOptions options = new RuleOptions();

  @Override
  public Integer call() {
    Table table = new Table("lll", "rule", "contract", "text");
    for (RewriteRule rule : options.withStandard().rules()) {
      table.row(rule.name(), rule.contract().text(), Failure.oneLine(rule.doc()));
    }
    table.print(console);
    return Main.DONE;
  }
}
