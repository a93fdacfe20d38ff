package dev.fixpoint.onnx;

import com.google.protobuf.UnsafeByteOperations;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.ModelFiles;
import dev.fixpoint.onnx.internal.TensorEncoder;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes single tensors as ONNX stores them: {@code .pb} files with one TensorProto. */
public final class OnnxTensors {
  /**
   * A tensor and its name.
   *
   * @param name name in the file, may be empty
   * @param tensor the tensor
   */
  public record Named(String name, Tensor tensor) {}

  private OnnxTensors() {}

  /**
   * Reads a tensor file.
   *
   * @throws IOException if the file cannot be read
   * @throws ModelException if it is no tensor
   */
  public static Tensor read(Path file) throws IOException {
    return readNamed(file).tensor();
  }

  /**
   * Reads a tensor file with the name in it.
   *
   * @throws IOException if the file cannot be read
   * @throws ModelException if it is no tensor
   */
  public static Named readNamed(Path file) throws IOException {
    ModelFiles.NamedTensor read =
        ModelFiles.decodeTensor(ModelFiles.open(file), file.toAbsolutePath().getParent());
    return new Named(read.name(), read.tensor());
  }

  /**
   * Reads a tensor from its bytes, which must not change afterwards.
   *
   * @throws ModelException if they are no tensor
   */
  public static Tensor read(byte[] bytes) {
    return ModelFiles.decodeTensor(UnsafeByteOperations.unsafeWrap(bytes), null).tensor();
  }

  /** The bytes of a tensor file. */
  public static byte[] toBytes(String name, Tensor tensor) {
    return TensorEncoder.encode(name, tensor).toByteArray();
  }

  /**
   * Writes a tensor file.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(String name, Tensor tensor, Path file) throws IOException {
    Files.write(file, toBytes(name, tensor));
  }
}
