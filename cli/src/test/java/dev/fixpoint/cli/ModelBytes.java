package dev.fixpoint.cli;

import dev.fixpoint.onnx.internal.proto.GraphProto;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import dev.fixpoint.onnx.internal.proto.NodeProto;
import dev.fixpoint.onnx.internal.proto.OperatorSetIdProto;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import dev.fixpoint.onnx.internal.proto.TensorShapeProto;
import dev.fixpoint.onnx.internal.proto.TypeProto;
import dev.fixpoint.onnx.internal.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Small models written field by field, right ones and wrong ones. */
final class ModelBytes {
  private ModelBytes() {}

  /** A node of the standard domain. */
  static NodeProto node(String op, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setName(output + "_node")
        .setOpType(op)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  /** Writes a model from {@code x} to {@code y}, both float [2]. */
  static Path write(Path file, NodeProto... nodes) throws IOException {
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("g")
            .addAllNode(List.of(nodes))
            .addInput(port("x"))
            .addOutput(port("y"))
            .build();
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.example").setVersion(1))
            .setGraph(graph)
            .build();
    return Files.write(file, model.toByteArray());
  }

  private static ValueInfoProto port(String name) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(2))
            .build();
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
