package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes model files: beside their place first, then moved, so that no file is ever half written.
 */
public final class ModelOutput {
  // Below protobuf's 2 GiB by what nodes and names may take; protobuf holds them on the heap,
  // twice.
  private static final long MAX_TENSOR_BYTES =
      Math.min(1900L << 20, Runtime.getRuntime().maxMemory() / 4);

  /** The oldest opset that can be written. */
  public static final int OLDEST_OPSET = StandardOpsets.OLDEST;

  /** The newest opset that can be written. */
  public static final int NEWEST_OPSET = StandardOpsets.NEWEST;

  private ModelOutput() {}

  /** The graph with the operators of ours spelled out where they can be; for writing only. */
  public static Graph expanded(Graph graph) {
    return Expander.expand(graph);
  }

  /** As {@link #expanded}, with calls of functions of the model where there are such. */
  public static Graph withFunctions(Graph graph) {
    return Expander.expandExcept(graph, FakeQuantFunction.ID);
  }

  /**
   * The graph said in an opset of choice; for writing only.
   *
   * @throws ModelException if an operator cannot be said in it
   */
  public static Graph lowered(Graph graph, int opset) {
    return OpsetLowering.lower(graph, opset);
  }

  /**
   * The bytes of a model with its tensors inside.
   *
   * @throws ModelException if they do not fit
   */
  public static byte[] toBytes(Graph graph) {
    if (ProtoWriter.tensorBytes(graph) > MAX_TENSOR_BYTES) {
      throw new ModelException(
          "the model's tensors do not fit protobuf's 2 GiB and a quarter of the heap; write it to a"
              + " file");
    }
    return new ProtoWriter(TensorEncoder::encode).model(graph).toByteArray();
  }

  /** Writes a model file, and another beside it for its tensors where asked or needed. */
  public static void write(Graph graph, Path file, boolean external) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.getParent();
    Path name = target.getFileName();
    if (folder == null || name == null) {
      throw new IOException("'" + file + "' is no name of a file");
    }
    Path model = folder.resolve("." + name + "." + UUID.randomUUID() + ".tmp");
    Path dataTarget = target.resolveSibling(name + ".data");
    Path data = folder.resolve("." + name + "." + UUID.randomUUID() + ".data.tmp");
    try {
      boolean withData = external || ProtoWriter.tensorBytes(graph) > MAX_TENSOR_BYTES;
      if (withData) {
        DataFile dataFile = new DataFile(name + ".data");
        stream(new ProtoWriter(dataFile::encode).model(graph), model);
        dataFile.writeTo(data);
        move(data, dataTarget);
      } else {
        stream(new ProtoWriter(TensorEncoder::encode).model(graph), model);
      }
      move(model, target);
    } finally {
      Files.deleteIfExists(data);
      Files.deleteIfExists(model);
    }
  }

  private static void stream(ModelProto proto, Path file) throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(
            Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))) {
      proto.writeTo(out);
    }
  }

  static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
