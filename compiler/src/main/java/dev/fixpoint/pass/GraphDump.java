package dev.fixpoint.pass;

import dev.fixpoint.ir.Graph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;

/**
 * An observer that writes the graph after every pass into a folder, as {@code 03-fuse.onnxtxt};
 * passes that changed nothing leave no file.
 */
public final class GraphDump implements PassObserver {
  private final Path folder;
  private final Function<Graph, String> printer;
  private int passes;

  /**
   * A dump into a folder, which is made if it is not there.
   *
   * @param printer gives the text of a graph, such as {@code OnnxTextWriter::toText}
   */
  public GraphDump(Path folder, Function<Graph, String> printer) {
    this.folder = folder;
    this.printer = printer;
  }

  /**
   * Writes the graph after a pass.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  @Override
  public void passed(Step step) {
    passes++;
    if (step.before() == step.after()) {
      return;
    }
    String name = step.pass().name().replaceAll("[^A-Za-z0-9-]+", "-");
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve(String.format(Locale.ROOT, "%02d-%s.onnxtxt", passes, name)),
          printer.apply(step.after()));
    } catch (IOException e) {
      throw new UncheckedIOException("pass '" + step.pass().name() + "': " + e.getMessage(), e);
    }
  }
}
