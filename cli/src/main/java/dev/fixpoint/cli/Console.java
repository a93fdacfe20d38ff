package dev.fixpoint.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command has: where it prints, and the options that all share. */
final class Console {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  @Option(names = "--stacktrace", description = "Shows where in the program an error came up.")
  private boolean stacktrace;

  /** Prints a line. */
  void line(String text) {
    out().println(text);
  }

  /** Prints a line that is no result, where errors go. */
  void notice(String text) {
    Objects.requireNonNull(command).commandLine().getErr().println(text);
  }

  /** Prints one JSON object. */
  void json(Map<String, ?> object) {
    try {
      line(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(object));
    } catch (IOException e) {
      throw new IllegalStateException("this is no JSON: " + object, e);
    }
  }

  private PrintWriter out() {
    return Objects.requireNonNull(command).commandLine().getOut();
  }
}
