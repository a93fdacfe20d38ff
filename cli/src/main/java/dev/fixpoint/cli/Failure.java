package dev.fixpoint.cli;

import dev.fixpoint.cli.data.DataException;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.pass.PassException;
import dev.fixpoint.rewrite.RewriteException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The one place where failures become what the user is told and an exit code. */
final class Failure {
  private Failure() {}

  /** Work on a file. */
  @FunctionalInterface
  interface Work<T> {
    /** Does it. */
    T call() throws IOException;
  }

  /**
   * Does work on a file; a failure of the library becomes one that names the file. A {@link
   * DataException} names its own.
   */
  static <T> T naming(Path file, Work<T> work) {
    try {
      return work.call();
    } catch (IOException e) {
      throw new CommandException(file + ": " + problem(e), e);
    } catch (ModelException
        | SyntaxException
        | PassException
        | RewriteException
        | IllegalArgumentException
        | IllegalStateException
        | ArithmeticException
        | UnsupportedOperationException e) {
      throw new CommandException(placed(file, oneLine(e.getMessage())), e);
    }
  }

  /** Prints a failure and gives the exit code. */
  static int report(Throwable failure, boolean trace, PrintWriter errors) {
    errors.println(error() + text(failure));
    if (trace) {
      failure.printStackTrace(errors);
    }
    return Main.REFUSED;
  }

  /** What stands before every message. */
  static String error() {
    return Terminal.ERROR.styled("bold,red", "error:") + " ";
  }

  /** A message on one line. */
  static String oneLine(@Nullable String message) {
    return message == null ? "no message" : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static String text(Throwable failure) {
    return switch (failure) {
      case CommandException e -> oneLine(e.getMessage());
      case DataException e -> oneLine(e.getMessage());
      case UncheckedIOException e -> oneLine(e.getMessage());
      case NoSuchFileException e -> e.getFile() + ": " + problem(e);
      case IOException e -> problem(e);
      case OutOfMemoryError _ ->
          "the memory that Java may take is not enough; set FIXPOINT_JAVA_OPTS=-Xmx8g or more";
      default ->
          "a mistake in fixpoint itself: "
              + oneLine(failure.toString())
              + "; run again with --stacktrace and report it";
    };
  }

  /** The message behind the file's path, which takes the place of its bare name before a line. */
  private static String placed(Path file, String message) {
    String name = file.getFileName() + ":";
    return file
        + (message.startsWith(name) ? ":" + message.substring(name.length()) : ": " + message);
  }

  private static String problem(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file; check the path";
      case AccessDeniedException _ -> "access is denied; check the permissions";
      case FileSystemException f when f.getReason() != null ->
          oneLine(f.getReason()) + "; check the path";
      default -> oneLine(e.getMessage());
    };
  }
}
