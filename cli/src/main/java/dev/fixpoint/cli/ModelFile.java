package dev.fixpoint.cli;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTextOptions;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.onnx.OnnxWriteOptions;
import dev.fixpoint.onnx.OnnxWriter;
import java.nio.file.Path;

/** Reads and writes the models that commands name, in protobuf's format or as text. */
final class ModelFile {
  private static final String BINARY = ".onnx";
  private static final String TEXT = ".onnxtxt";

  private ModelFile() {}

  /** The graph in a file; operators without a definition are kept. */
  static Graph read(Path file) {
    return Failure.naming(
        file, () -> isText(file) ? OnnxTextReader.read(file) : OnnxReader.read(file));
  }

  /**
   * What a file says besides its graph: a binary file's own opsets, not those that its operators
   * are lifted to.
   */
  static ModelInfo info(Path file, Graph graph) {
    return isText(file) ? graph.info() : Failure.naming(file, () -> OnnxReader.info(file));
  }

  /**
   * Writes a model beside its place and moves it there when it is complete.
   *
   * @param operators whether operators of ours are spelled out in standard ones
   */
  static void write(Graph graph, Path file, OnnxWriteOptions.Operators operators) {
    write(
        graph,
        file,
        OnnxWriteOptions.DEFAULT.withOperators(operators),
        OnnxTextOptions.DEFAULT.withOperators(operators));
  }

  /**
   * Writes a model with its operators as they are, beside its place, and moves it there when it is
   * complete.
   *
   * @param opset version of the standard operators
   */
  static void write(Graph graph, Path file, int opset) {
    OnnxWriteOptions.Operators kept = OnnxWriteOptions.Operators.KEPT;
    write(
        graph,
        file,
        OnnxWriteOptions.DEFAULT.withOperators(kept).withOpset(opset),
        OnnxTextOptions.DEFAULT.withOperators(kept).withOpset(opset));
  }

  private static void write(Graph graph, Path file, OnnxWriteOptions binary, OnnxTextOptions text) {
    requireWritable(file);
    Failure.naming(
        file,
        () -> {
          if (isText(file)) {
            OnnxTextWriter.write(graph, file, text);
          } else {
            OnnxWriter.write(graph, file, binary);
          }
          return file;
        });
  }

  /** Refuses early a name that nothing can be written to. */
  static void requireWritable(Path file) {
    if (!file.toString().endsWith(BINARY) && !isText(file)) {
      throw new CommandException(
          file + ": a model is written to a name that ends in " + BINARY + " or " + TEXT);
    }
    OutputFile.requireFolder(file);
  }

  private static boolean isText(Path file) {
    return file.toString().endsWith(TEXT);
  }
}
