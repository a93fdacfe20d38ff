package dev.fixpoint.onnx;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.ModelOutput;
import dev.fixpoint.onnx.internal.TextOutput;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes graphs in ONNX's textual syntax. With the default options {@link OnnxTextReader} reads the
 * same graph back, to the bit.
 *
 * <p>The syntax has no documentation of graphs and nodes: it is written as properties of the model
 * whose keys begin with {@code fixpoint.doc}, and put back on reading.
 */
public final class OnnxTextWriter {
  private OnnxTextWriter() {}

  /**
   * The text of a model, with the default options.
   *
   * @throws ModelException if it holds what the syntax cannot say
   */
  public static String toText(Graph graph) {
    return toText(graph, OnnxTextOptions.DEFAULT);
  }

  /**
   * The text of a model.
   *
   * @throws ModelException if it holds what the syntax cannot say
   */
  public static String toText(Graph graph, OnnxTextOptions options) {
    return TextOutput.toText(prepared(graph, options), options.header(), options.inferredTypes());
  }

  /**
   * Appends the text of a model.
   *
   * @throws IOException if the target cannot be written
   * @throws ModelException if the model holds what the syntax cannot say
   */
  public static void write(Graph graph, Appendable target, OnnxTextOptions options)
      throws IOException {
    TextOutput.append(prepared(graph, options), target, options.header(), options.inferredTypes());
  }

  /**
   * Writes a file in UTF-8 with the default options.
   *
   * @throws IOException if it cannot be written; a file that was there before is as it was
   * @throws ModelException if the model holds what the syntax cannot say
   */
  public static void write(Graph graph, Path file) throws IOException {
    write(graph, file, OnnxTextOptions.DEFAULT);
  }

  /**
   * Writes a file in UTF-8: beside its place, then moved there when it is complete.
   *
   * @throws IOException if it cannot be written; a file that was there before is as it was
   * @throws ModelException if the model holds what the syntax cannot say
   */
  public static void write(Graph graph, Path file, OnnxTextOptions options) throws IOException {
    TextOutput.write(prepared(graph, options), file, options.header(), options.inferredTypes());
  }

  private static Graph prepared(Graph graph, OnnxTextOptions options) {
    Graph expanded =
        options.operators() == OnnxWriteOptions.Operators.KEPT ? graph : TextOutput.expanded(graph);
    Integer opset = options.opset();
    return opset == null ? expanded : ModelOutput.lowered(expanded, opset);
  }
}
