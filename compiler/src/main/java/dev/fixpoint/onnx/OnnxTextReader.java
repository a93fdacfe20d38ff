package dev.fixpoint.onnx;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.onnx.internal.TextFiles;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads models in ONNX's textual syntax into graphs, as {@link OnnxReader} does with files: old
 * operators lifted, functions inlined, sizes checked before memory is taken.
 *
 * <p>A text without a header, of a graph alone, is of opset 21, and of version 1 of every other
 * domain. Every text that is refused is refused by a {@link ModelException}, whose message begins
 * with {@code name:line:column}.
 */
public final class OnnxTextReader {
  private OnnxTextReader() {}

  /**
   * Reads a file in UTF-8, with the default options and external data from its folder.
   *
   * @throws IOException if the file cannot be read
   * @throws ModelException if it is no model that can be kept
   */
  public static Graph read(Path file) throws IOException {
    return read(file, OnnxReadOptions.DEFAULT);
  }

  /**
   * Reads a file in UTF-8. External data is looked for in the folder of the options, or else in the
   * file's own.
   *
   * @throws IOException if the file cannot be read
   * @throws ModelException if it is no model that can be kept
   */
  public static Graph read(Path file, OnnxReadOptions options) throws IOException {
    Path folder = options.dataFolder();
    return TextFiles.read(
        file, folder == null ? file.toAbsolutePath().getParent() : folder, options.assembly());
  }

  /**
   * Reads a text, with the default options; external data is refused.
   *
   * @param sourceName name of the text, for messages
   * @throws ModelException if it is no model that can be kept
   */
  public static Graph read(String sourceName, String text) {
    return read(sourceName, text, OnnxReadOptions.DEFAULT);
  }

  /**
   * Reads a text.
   *
   * @param sourceName name of the text, for messages
   * @throws ModelException if it is no model that can be kept
   */
  public static Graph read(String sourceName, String text, OnnxReadOptions options) {
    return TextFiles.read(sourceName, text, options.dataFolder(), options.assembly());
  }

  /**
   * What a text says besides its graph, before operators are lifted: its own opsets.
   *
   * @throws IOException if the file cannot be read
   * @throws ModelException if it is no model
   */
  public static ModelInfo info(Path file) throws IOException {
    return TextFiles.info(file);
  }
}
