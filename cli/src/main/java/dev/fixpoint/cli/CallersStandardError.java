package dev.fixpoint.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/**
 * The standard error stream of whoever called the launcher.
 *
 * <p>The JVM announces an incubator module on descriptor 2 before any of our code runs. The
 * launcher therefore puts a filter behind descriptor 2 and keeps the caller's stream as another
 * descriptor, whose number it tells. Writing there directly keeps the order of lines, and nobody
 * has to wait at exit until the filter has passed everything on.
 */
final class CallersStandardError {
  /** System property: the number of the descriptor that leads to the caller's standard error. */
  static final String DESCRIPTOR = "fixpoint.stderr";

  private CallersStandardError() {}

  /** Lets {@link System#err} write to the caller's stream; without a launcher it already does. */
  static void restore() {
    Integer number = Integer.getInteger(DESCRIPTOR);
    if (number == null) {
      return;
    }
    System.setErr(
        new PrintStream(new FileOutputStream(descriptor(number)), true, System.err.charset()));
  }

  private static FileDescriptor descriptor(int number) {
    try {
      // Opening /dev/fd/N instead would give a second offset into a file that standard output
      // shares. The command's manifest opens java.io for this.
      var constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
      constructor.setAccessible(true);
      return constructor.newInstance(number);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "this Java has no FileDescriptor(int): unset the system property " + DESCRIPTOR, e);
    }
  }
}
