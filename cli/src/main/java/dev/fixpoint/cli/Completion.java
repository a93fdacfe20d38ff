package dev.fixpoint.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Writes the script that completes commands and options in a shell. */
@Command(
    name = "completion",
    description = "Prints a completion script for bash and zsh: source <(fixpoint completion).")
final class Completion implements Callable<Integer> {
  @Mixin private final Console console = new Console();

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() {
    var root = Objects.requireNonNull(command).root().commandLine();
    console.line(AutoComplete.bash(root.getCommandName(), root));
    return Main.DONE;
  }
}
