package dev.fixpoint.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows, checks and explains rewrite rules. */
@Command(
    name = "rules",
    description = "Shows, checks and explains rewrite rules.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RulesList.class, RulesCheck.class, RulesExplain.class})
final class Rules implements Runnable {
  @Mixin private final Console console = new Console();

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(), "Missing required subcommand: list, check or explain");
  }
}
