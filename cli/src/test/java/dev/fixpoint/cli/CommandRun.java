package dev.fixpoint.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A command that has run inside this process.
 *
 * @param exitCode its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record CommandRun(int exitCode, String out, String err) {
  /** Runs a command. */
  static CommandRun of(Object... arguments) {
    String[] args = new String[arguments.length];
    for (int i = 0; i < args.length; i++) {
      args[i] = arguments[i].toString();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Main.run(
            args,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new CommandRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The JSON object that it printed. */
  Map<String, Object> json() {
    return parse(out);
  }

  /** A JSON object. */
  static Map<String, Object> parse(String text) {
    try {
      return JSON.std.mapFrom(text);
    } catch (IOException e) {
      throw new UncheckedIOException("no JSON: " + text, e);
    }
  }

  /**
   * A file or folder of the data that tests read in place. Where it is missing, a test under CI
   * fails, and one elsewhere is reported as skipped.
   */
  static Path shared(String relative) {
    Path path = Path.of(System.getProperty("fixpoint.data", "../../shared/data")).resolve(relative);
    if (!Files.exists(path)) {
      String problem = "no test data at " + path + "; set -Dfixpoint.data to its folder";
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        throw new IllegalStateException(problem);
      }
      Assumptions.abort(problem);
    }
    return path;
  }
}
