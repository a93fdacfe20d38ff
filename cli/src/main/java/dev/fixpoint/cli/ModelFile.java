package dev.fixpoint.cli;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriteOptions;
import dev.fixpoint.onnx.OnnxWriter;
import java.nio.file.Path;

/** Reads and writes the models that commands name. */
final class ModelFile {
  private static final String BINARY = ".onnx";

  private ModelFile() {}

  /** The graph in a file; operators without a definition are kept. */
  static Graph read(Path file) {
    return Failure.naming(file, () -> OnnxReader.read(file));
  }

  /**
   * What a file says besides its graph: its own opsets, not those that its operators are lifted to.
   */
  static ModelInfo info(Path file) {
    return Failure.naming(file, () -> OnnxReader.info(file));
  }

  /**
   * Writes a model beside its place and moves it there when it is complete.
   *
   * @param operators whether operators of ours are spelled out in standard ones
   */
  static void write(Graph graph, Path file, OnnxWriteOptions.Operators operators) {
    requireWritable(file);
    Failure.naming(
        file,
        () -> {
          OnnxWriter.write(graph, file, OnnxWriteOptions.DEFAULT.withOperators(operators));
          return file;
        });
  }

  /** Refuses early a name that nothing can be written to. */
  static void requireWritable(Path file) {
    if (!file.toString().endsWith(BINARY)) {
      throw new CommandException(file + ": a model is written to a name that ends in " + BINARY);
    }
    OutputFile.requireFolder(file);
  }
}
