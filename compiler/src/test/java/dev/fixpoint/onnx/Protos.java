package dev.fixpoint.onnx;

import com.google.protobuf.ByteString;
import dev.fixpoint.onnx.internal.proto.AttributeProto;
import dev.fixpoint.onnx.internal.proto.AttributeProto.AttributeType;
import dev.fixpoint.onnx.internal.proto.GraphProto;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import dev.fixpoint.onnx.internal.proto.NodeProto;
import dev.fixpoint.onnx.internal.proto.OperatorSetIdProto;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import dev.fixpoint.onnx.internal.proto.TensorShapeProto;
import dev.fixpoint.onnx.internal.proto.TypeProto;
import dev.fixpoint.onnx.internal.proto.ValueInfoProto;
import java.util.List;

/** Small protobuf models for tests. */
final class Protos {
  private Protos() {}

  /** A model whose graph has float inputs {@code x} and outputs {@code y}. */
  static ModelProto.Builder model(long opset, NodeProto... nodes) {
    return model(opset, graph(nodes));
  }

  static ModelProto.Builder model(long opset, GraphProto.Builder graph) {
    return ModelProto.newBuilder().setIrVersion(8).addOpsetImport(opset("", opset)).setGraph(graph);
  }

  static OperatorSetIdProto opset(String domain, long version) {
    return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
  }

  /** A graph that reads {@code float[2,3,4,5] x} and makes {@code y} of any type. */
  static GraphProto.Builder graph(NodeProto... nodes) {
    return GraphProto.newBuilder()
        .setName("g")
        .addInput(value("x", 2, 3, 4, 5))
        .addOutput(ValueInfoProto.newBuilder().setName("y"))
        .addAllNode(List.of(nodes));
  }

  /** The declaration of a float value. */
  static ValueInfoProto value(String name, long... sizes) {
    return ValueInfoProto.newBuilder().setName(name).setType(type(1, sizes)).build();
  }

  static TypeProto type(int elementType, long... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : sizes) {
      shape.addDimBuilder().setDimValue(size);
    }
    return TypeProto.newBuilder()
        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(elementType).setShape(shape))
        .build();
  }

  /**
   * A node named after its operator, from names separated by spaces; {@code -} is an omitted one.
   */
  static NodeProto node(
      String operator, String inputs, String outputs, AttributeProto... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).setName("the " + operator);
    for (String input : names(inputs)) {
      node.addInput(input);
    }
    for (String output : names(outputs)) {
      node.addOutput(output);
    }
    return node.addAllAttribute(List.of(attributes)).build();
  }

  private static List<String> names(String text) {
    return text.isEmpty()
        ? List.of()
        : List.of(text.split(" ")).stream().map(name -> name.equals("-") ? "" : name).toList();
  }

  static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto numbers(String name, float... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOATS);
    for (float value : values) {
      attribute.addFloats(value);
    }
    return attribute.build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto tensor(String name, TensorProto value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.TENSOR)
        .setT(value)
        .build();
  }

  static AttributeProto graph(String name, GraphProto.Builder value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.GRAPH)
        .setG(value)
        .build();
  }

  static AttributeProto reference(String name, AttributeType type, String attribute) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(type)
        .setRefAttrName(attribute)
        .build();
  }

  /** A float tensor. */
  static TensorProto floats(String name, List<Long> dims, float... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(1).addAllDims(dims);
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return tensor.build();
  }
}
