package dev.fixpoint.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The {@code fixpoint} command: its subcommands and exit codes. */
@Command(
    name = "fixpoint",
    description = "Quantizes ONNX networks and runs them on integers, with every rewrite bounded.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Demo.class,
      Inspect.class,
      Convert.class,
      Optimize.class,
      Quantize.class,
      Qat.class,
      Lower.class,
      Run.class,
      Compare.class,
      Bench.class,
      Conformance.class,
      Verify.class,
      Rules.class,
      Completion.class,
    })
public final class Main {
  /** Exit code: done. */
  static final int DONE = 0;

  /** Exit code: a check fell short. */
  static final int FELL_SHORT = 1;

  /** Exit code: wrong usage or bad input. */
  static final int REFUSED = 2;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  private Main() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    CallersStandardError.restore();
    System.exit(run(args, System.out, System.err));
  }

  /** Runs the command without ending the process. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    PrintWriter errors = writer(err);
    boolean trace = List.of(args).contains("--stacktrace");
    CommandLine command =
        new CommandLine(new Main())
            .setOut(writer(out))
            .setErr(errors)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setColorScheme(CommandLine.Help.defaultColorScheme(Terminal.OUT.colours()))
            .setExpandAtFiles(false)
            .setParameterExceptionHandler((e, _) -> wrongUsage(e, errors))
            .setExecutionExceptionHandler((e, _, _) -> Failure.report(e, trace, errors));
    try {
      return args.length == 0 ? command.execute("--help") : command.execute(args);
    } catch (OutOfMemoryError | StackOverflowError e) {
      return Failure.report(e, trace, errors);
    } finally {
      command.getOut().flush();
      errors.flush();
    }
  }

  private static int wrongUsage(ParameterException e, PrintWriter errors) {
    String help = e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
    errors.println(Failure.error() + Failure.oneLine(e.getMessage()) + "; see '" + help + "'");
    return REFUSED;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
