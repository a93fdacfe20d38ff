package dev.fixpoint.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot go on; the message is what the user is told: place, problem, mend. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem with what the user gave. */
  CommandException(String message) {
    this(message, null);
  }

  /** A problem that something else led to. */
  CommandException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
