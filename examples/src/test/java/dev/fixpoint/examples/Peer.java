package dev.fixpoint.examples;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * ONNX Runtime as a second opinion on what is written. Its graph optimizations are off where it
 * should compute the file as it stands, and on where they are what is looked at.
 */
enum Peer {
  /** Computes node by node what the file says. */
  AS_WRITTEN(OrtSession.SessionOptions.OptLevel.NO_OPT),
  /** Rewrites the graph first, as it does by default. */
  OPTIMIZING(OrtSession.SessionOptions.OptLevel.ALL_OPT);

  private final OrtSession.SessionOptions.OptLevel level;

  Peer(OrtSession.SessionOptions.OptLevel level) {
    this.level = level;
  }

  /**
   * The outputs by name of a graph, written as a file, for inputs by name.
   *
   * @throws OrtException if the peer refuses the file or the inputs
   */
  Map<String, Tensor> run(Graph graph, Map<String, Tensor> inputs) throws OrtException {
    return run(OnnxWriter.toBytes(graph), inputs);
  }

  /** As {@link #run(Graph, Map)}, for the bytes of a file. */
  Map<String, Tensor> run(byte[] file, Map<String, Tensor> inputs) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> arguments = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setOptimizationLevel(level);
      try (OrtSession session = environment.createSession(file, options)) {
        for (String name : session.getInputNames()) {
          arguments.put(name, tensor(environment, inputs.get(name)));
        }
        try (OrtSession.Result result = session.run(arguments)) {
          Map<String, Tensor> outputs = new HashMap<>();
          for (Map.Entry<String, OnnxValue> entry : result) {
            outputs.put(entry.getKey(), tensor((OnnxTensor) entry.getValue()));
          }
          return outputs;
        }
      }
    } finally {
      arguments.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, Tensor tensor) throws OrtException {
    byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    direct.put(bytes).rewind();
    OnnxJavaType type =
        switch (tensor.elementType()) {
          case FLOAT -> OnnxJavaType.FLOAT;
          case UINT8 -> OnnxJavaType.UINT8;
          case INT8 -> OnnxJavaType.INT8;
          case INT16 -> OnnxJavaType.INT16;
          case INT32 -> OnnxJavaType.INT32;
          case INT64 -> OnnxJavaType.INT64;
          default -> throw new IllegalStateException("unexpected type " + tensor.type());
        };
    return OnnxTensor.createTensor(environment, direct, tensor.shape().sizes(), type);
  }

  private static Tensor tensor(OnnxTensor value) {
    Shape shape = Shape.of(value.getInfo().getShape());
    ElementType type =
        switch (value.getInfo().type) {
          case FLOAT -> ElementType.FLOAT;
          case UINT8 -> ElementType.UINT8;
          case INT8 -> ElementType.INT8;
          case INT16 -> ElementType.INT16;
          case INT32 -> ElementType.INT32;
          case INT64 -> ElementType.INT64;
          case BOOL -> ElementType.BOOL;
          default -> throw new IllegalStateException("unexpected type " + value.getInfo());
        };
    ByteBuffer bytes = value.getByteBuffer();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return Tensor.of(new TensorType(type, shape), MemorySegment.ofArray(copy));
  }
}
