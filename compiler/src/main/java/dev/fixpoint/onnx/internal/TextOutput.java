package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes texts: files beside their place first, then moved, so that none is ever half written. */
public final class TextOutput {
  private TextOutput() {}

  /** The graph with the operators of ours spelled out where they can be; for writing only. */
  public static Graph expanded(Graph graph) {
    return Expander.expand(graph);
  }

  /** The text of a graph; see {@link TextWriter}. */
  public static String toText(Graph graph, boolean header, boolean inferredTypes) {
    StringBuilder text = new StringBuilder();
    try {
      append(graph, text, header, inferredTypes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Appends the text of a graph; see {@link TextWriter}. */
  public static void append(Graph graph, Appendable target, boolean header, boolean inferredTypes)
      throws IOException {
    new TextWriter(target, inferredTypes).model(graph, header);
  }

  /** Writes a file. */
  public static void write(Graph graph, Path file, boolean header, boolean inferredTypes)
      throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path name = target.getFileName();
    if (name == null) {
      throw new IOException("'" + file + "' is no name of a file");
    }
    Path beside = target.resolveSibling("." + name + "." + UUID.randomUUID() + ".tmp");
    try {
      try (BufferedWriter writer =
          Files.newBufferedWriter(
              beside,
              StandardCharsets.UTF_8,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE_NEW)) {
        append(graph, writer, header, inferredTypes);
      }
      ModelOutput.move(beside, target);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
