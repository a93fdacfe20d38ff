package dev.fixpoint.cli;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes files beside their place and moves them there, so that none is ever half written. */
final class OutputFile {
  private OutputFile() {}

  /** Writes to a file. */
  @FunctionalInterface
  interface Writing {
    /** Writes to the file of this name. */
    void to(Path file) throws IOException;
  }

  /** Writes a file as a whole. */
  static void write(Path file, Writing writing) {
    requireFolder(file);
    Failure.naming(
        file,
        () -> {
          Path beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
          try {
            writing.to(beside);
            move(beside, file);
          } finally {
            Files.deleteIfExists(beside);
          }
          return file;
        });
  }

  /** Refuses a name in a folder that is not there. */
  static void requireFolder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CommandException(file + ": its folder does not exist; make it first");
    }
    if (Files.isDirectory(file)) {
      throw new CommandException(file + ": this is a folder; name a file in it");
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
