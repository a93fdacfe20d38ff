package dev.fixpoint.cli.data;

import java.nio.file.Path;

/** Data that cannot be used; the message names the file, what is wrong, and what to do. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message that names the place. */
  public DataException(String message) {
    super(message);
  }

  static DataException in(Path file, String problem) {
    return new DataException(file + ": " + problem);
  }
}
