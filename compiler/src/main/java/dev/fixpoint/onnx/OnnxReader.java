package dev.fixpoint.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.onnx.internal.ModelFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Reads ONNX model files into graphs.
 *
 * <p>Operators of opsets 7 and newer are lifted to the forms of opset 21; operators that came later
 * keep theirs. Constant nodes become initializers, an initializer that is an input as well is a
 * constant only, and functions that the model brings along are inlined. Large files and external
 * data are mapped, not copied.
 *
 * <p>Every model that is refused is refused by a {@link ModelException}, which names the place and
 * the mend; sizes are checked before memory is taken.
 */
public final class OnnxReader {
  private OnnxReader() {}

  /**
   * Reads a model file, with the default options and external data from its folder.
   *
   * @throws IOException if the file cannot be read
   * @throws ModelException if it is no model that can be kept
   */
  public static Graph read(Path file) throws IOException {
    return read(file, OnnxReadOptions.DEFAULT);
  }

  /**
   * Reads a model file. External data is looked for in the folder of the options, or else in the
   * file's own.
   *
   * @throws IOException if the file cannot be read
   * @throws ModelException if it is no model that can be kept
   */
  public static Graph read(Path file, OnnxReadOptions options) throws IOException {
    Path folder = options.dataFolder();
    return ModelFiles.decode(
        ModelFiles.open(file),
        folder == null ? file.toAbsolutePath().getParent() : folder,
        options.assembly());
  }

  /**
   * Reads a model from its bytes, with the default options; external data is refused.
   *
   * @throws ModelException if it is no model that can be kept
   */
  public static Graph read(byte[] bytes) {
    return read(bytes, OnnxReadOptions.DEFAULT);
  }

  /**
   * Reads a model from its bytes, which must not change afterwards.
   *
   * @throws ModelException if it is no model that can be kept
   */
  public static Graph read(byte[] bytes, OnnxReadOptions options) {
    return ModelFiles.decode(
        UnsafeByteOperations.unsafeWrap(bytes), options.dataFolder(), options.assembly());
  }

  /**
   * Reads a model from a stream to its end; the stream is not closed.
   *
   * @throws IOException if the stream cannot be read
   * @throws ModelException if it is no model that can be kept
   */
  public static Graph read(InputStream stream, OnnxReadOptions options) throws IOException {
    ByteString bytes = UnsafeByteOperations.unsafeWrap(stream.readAllBytes());
    return ModelFiles.decode(bytes, options.dataFolder(), options.assembly());
  }

  /**
   * What a model file says besides its graph, before operators are lifted: its own opsets.
   *
   * @throws IOException if the file cannot be read
   * @throws ModelException if it is no model
   */
  public static ModelInfo info(Path file) throws IOException {
    return ModelFiles.info(ModelFiles.open(file), file.toAbsolutePath().getParent());
  }
}
