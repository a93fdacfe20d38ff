package dev.fixpoint.onnx.internal;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files of the protobuf format: bytes in, graphs and tensors out. */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * The bytes of a file. What is large lies in external data, which is mapped; the file itself is
   * held on the heap, so that nothing that happens to it later reaches the graph.
   *
   * @throws IOException if it cannot be read
   * @throws ModelException if it is larger than the format or the heap allows
   */
  public static ByteString open(Path file) throws IOException {
    long size = Files.size(file);
    if (size > Integer.MAX_VALUE - 8) {
      throw new ModelException(
          "the file has "
              + size
              + " bytes, but protobuf ends at 2 GiB; export it with external data");
    }
    if (size > Runtime.getRuntime().maxMemory() / 2) {
      throw new ModelException(
          "the file has "
              + size
              + " bytes, more than half of the heap; give Java a larger one (-Xmx), or export the"
              + " model with external data");
    }
    return UnsafeByteOperations.unsafeWrap(Files.readAllBytes(file));
  }

  /**
   * The graph of a model.
   *
   * @param folder where external data is; null refuses it
   * @throws ModelException if it is no model that can be kept
   */
  public static Graph decode(ByteString bytes, @Nullable Path folder, AssemblyOptions options) {
    return GraphAssembler.assemble(source(bytes, folder), options);
  }

  /**
   * What a model says besides its graph, before operators are lifted.
   *
   * @param folder where external data is; null refuses it
   * @throws ModelException if it is no model
   */
  public static ModelInfo info(ByteString bytes, @Nullable Path folder) {
    return source(bytes, folder).info();
  }

  private static SourceModel source(ByteString bytes, @Nullable Path folder) {
    WireScan.check(bytes, ModelProto.getDescriptor(), "model");
    ModelProto proto = parse(bytes, ModelProto.parser(), "model");
    return new ProtoSource(new ExternalData(folder)).model(proto);
  }

  /**
   * A tensor and its name.
   *
   * @param name name in the file, may be empty
   * @param tensor the tensor
   */
  public record NamedTensor(String name, Tensor tensor) {}

  /**
   * A tensor that is a file of its own.
   *
   * @throws ModelException if it is none
   */
  public static NamedTensor decodeTensor(ByteString bytes, @Nullable Path folder) {
    WireScan.check(bytes, TensorProto.getDescriptor(), "tensor");
    TensorProto proto = parse(bytes, TensorProto.parser(), "tensor");
    TensorDecoder decoder = new TensorDecoder(new ExternalData(folder));
    return new NamedTensor(
        proto.getName(), decoder.decode(proto, "tensor '" + proto.getName() + "'"));
  }

  private static <T extends Message> T parse(ByteString bytes, Parser<T> parser, String fileKind) {
    CodedInputStream input = bytes.newCodedInput();
    input.enableAliasing(true);
    input.setRecursionLimit(WireScan.MAX_DEPTH + 1);
    try {
      T message = parser.parseFrom(input);
      input.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw new ModelException(
          "the "
              + fileKind
              + " is damaged or not ONNX: "
              + e.getMessage()
              + "; copy or export it again",
          e);
    }
  }
}
