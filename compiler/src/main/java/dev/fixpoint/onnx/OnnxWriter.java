package dev.fixpoint.onnx;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.ModelOutput;
import java.io.IOException;
import java.nio.file.Path;

/** Writes graphs as ONNX model files. */
public final class OnnxWriter {
  private OnnxWriter() {}

  /**
   * The bytes of a model, with the default options.
   *
   * @throws ModelException if it does not fit protobuf's 2 GiB or the heap
   */
  public static byte[] toBytes(Graph graph) {
    return toBytes(graph, OnnxWriteOptions.DEFAULT);
  }

  /**
   * The bytes of a model with its tensors inside.
   *
   * @throws ModelException if it does not fit protobuf's 2 GiB or the heap, or cannot be said in
   *     the opset of the options
   */
  public static byte[] toBytes(Graph graph, OnnxWriteOptions options) {
    return ModelOutput.toBytes(prepared(graph, options));
  }

  /**
   * Writes a model file with the default options.
   *
   * @throws IOException if it cannot be written; a file that was there before is as it was
   */
  public static void write(Graph graph, Path file) throws IOException {
    write(graph, file, OnnxWriteOptions.DEFAULT);
  }

  /**
   * Writes a model file. It is written beside its place and moved there when it is complete; large
   * tensors may go to a second file, named like the model with {@code .data} behind it.
   *
   * @throws ModelException if it cannot be said in the opset of the options
   * @throws IOException if it cannot be written; a file that was there before is as it was
   */
  public static void write(Graph graph, Path file, OnnxWriteOptions options) throws IOException {
    ModelOutput.write(
        prepared(graph, options), file, options.external() == OnnxWriteOptions.ExternalData.ALWAYS);
  }

  private static Graph prepared(Graph graph, OnnxWriteOptions options) {
    Graph expanded =
        switch (options.operators()) {
          case EXPANDED -> ModelOutput.expanded(graph);
          case FUNCTIONS -> ModelOutput.withFunctions(graph);
          case KEPT -> graph;
        };
    Integer opset = options.opset();
    return opset == null ? expanded : ModelOutput.lowered(expanded, opset);
  }
}
