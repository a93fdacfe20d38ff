package dev.fixpoint.onnx.internal;

import com.google.protobuf.ByteString;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.internal.proto.AttributeProto;
import dev.fixpoint.onnx.internal.proto.AttributeProto.AttributeType;
import dev.fixpoint.onnx.internal.proto.GraphProto;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import dev.fixpoint.onnx.internal.proto.NodeProto;
import dev.fixpoint.onnx.internal.proto.OperatorSetIdProto;
import dev.fixpoint.onnx.internal.proto.StringStringEntryProto;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import dev.fixpoint.onnx.internal.proto.ValueInfoProto;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Makes a {@code ModelProto} of a graph. */
public final class ProtoWriter {
  private final BiFunction<String, Tensor, TensorProto> tensors;

  ProtoWriter(BiFunction<String, Tensor, TensorProto> tensors) {
    this.tensors = tensors;
  }

  /** The proto of a graph whose operators are all to be written as they are. */
  ModelProto model(Graph graph) {
    ModelInfo info = WrittenOpsets.infoOf(graph);
    ModelProto.Builder proto =
        ModelProto.newBuilder()
            .setIrVersion(info.irVersion())
            .setProducerName(info.producerName())
            .setProducerVersion(info.producerVersion())
            .setDomain(info.domain())
            .setModelVersion(info.modelVersion())
            .setDocString(info.docString());
    info.opsets()
        .forEach(
            (domain, version) ->
                proto.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
    info.metadata()
        .forEach(
            (key, value) ->
                proto.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    FakeQuantFunction.of(graph, info).ifPresent(proto::addFunctions);
    return proto.setGraph(graph(graph, WrittenNames.of(graph))).build();
  }

  private GraphProto graph(Graph graph, WrittenNames names) {
    GraphProto.Builder proto = GraphProto.newBuilder().setName(graph.name());
    if (!graph.info().graphDocString().isEmpty()) {
      proto.setDocString(graph.info().graphDocString());
    }
    Set<Value> declared = new HashSet<>(graph.captures());
    graph.inputs().forEach(input -> proto.addInput(declaration(graph, input, names)));
    graph.outputs().forEach(output -> proto.addOutput(declaration(graph, output, names)));
    declared.addAll(graph.inputs());
    declared.addAll(graph.outputs());
    declared.addAll(graph.initializers().keySet());
    graph
        .initializers()
        .forEach((value, tensor) -> proto.addInitializer(tensors.apply(names.of(value), tensor)));
    for (Node node : graph.nodes()) {
      proto.addNode(node(node, names));
      for (Value output : node.outputs()) {
        if (declared.add(output) && graph.type(output).elementType() != ElementType.UNDEFINED) {
          proto.addValueInfo(declaration(graph, output, names));
        }
      }
    }
    return proto.build();
  }

  private static ValueInfoProto declaration(Graph graph, Value value, WrittenNames names) {
    ValueInfoProto.Builder proto = ValueInfoProto.newBuilder().setName(names.of(value));
    TensorType type = graph.type(value);
    if (!type.equals(TensorType.UNKNOWN)) {
      proto.setType(ProtoTypes.encode(type));
    }
    return proto.build();
  }

  private NodeProto node(Node node, WrittenNames names) {
    OpId op = node.opId();
    NodeProto.Builder proto = NodeProto.newBuilder().setOpType(op.name()).setDomain(op.domain());
    if (!node.name().isEmpty()) {
      proto.setName(node.name());
    }
    if (!node.docString().isEmpty()) {
      proto.setDocString(node.docString());
    }
    for (Value input : node.inputs()) {
      proto.addInput(input == null ? "" : names.of(input));
    }
    node.outputs().forEach(output -> proto.addOutput(names.of(output)));
    attributes(node.attributes(), names, proto);
    return proto.build();
  }

  private void attributes(Attributes attributes, WrittenNames names, NodeProto.Builder proto) {
    for (Map.Entry<String, AttributeValue> entry : attributes.values().entrySet()) {
      AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(entry.getKey());
      value(entry.getValue(), names, attribute);
      proto.addAttribute(attribute);
    }
  }

  private void value(AttributeValue value, WrittenNames names, AttributeProto.Builder proto) {
    switch (value) {
      case AttributeValue.OfInt v -> proto.setType(AttributeType.INT).setI(v.value());
      case AttributeValue.OfFloat v -> proto.setType(AttributeType.FLOAT).setF(v.value());
      case AttributeValue.OfString v ->
          proto.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(v.value()));
      case AttributeValue.OfTensor v ->
          proto.setType(AttributeType.TENSOR).setT(TensorEncoder.encode("", v.value()));
      case AttributeValue.OfType v ->
          proto.setType(AttributeType.TYPE_PROTO).setTp(ProtoTypes.encode(v.value()));
      case AttributeValue.OfGraph v ->
          proto.setType(AttributeType.GRAPH).setG(subgraph(v.value(), names));
      case AttributeValue.OfInts v -> proto.setType(AttributeType.INTS).addAllInts(v.value());
      case AttributeValue.OfFloats v -> proto.setType(AttributeType.FLOATS).addAllFloats(v.value());
      case AttributeValue.OfStrings v -> {
        proto.setType(AttributeType.STRINGS);
        v.value().forEach(text -> proto.addStrings(ByteString.copyFromUtf8(text)));
      }
      case AttributeValue.OfTensors v -> {
        proto.setType(AttributeType.TENSORS);
        v.value().forEach(tensor -> proto.addTensors(TensorEncoder.encode("", tensor)));
      }
      case AttributeValue.OfTypes v -> {
        proto.setType(AttributeType.TYPE_PROTOS);
        v.value().forEach(type -> proto.addTypeProtos(ProtoTypes.encode(type)));
      }
      case AttributeValue.OfGraphs v -> {
        proto.setType(AttributeType.GRAPHS);
        v.value().forEach(body -> proto.addGraphs(subgraph(body, names)));
      }
    }
  }

  private GraphProto subgraph(Body body, WrittenNames names) {
    if (body instanceof GraphBody inner) {
      return graph(inner.graph(), names.within(inner.graph()));
    }
    throw new ModelException(
        "a subgraph attribute is no graph but "
            + body.getClass().getSimpleName()
            + "; write the model before it is bound for evaluation");
  }

  /** Number of bytes that the tensors of a graph take, its subgraphs' included. */
  static long tensorBytes(Graph graph) {
    long sum = 0;
    for (Tensor tensor : graph.initializers().values()) {
      sum += bytes(tensor);
    }
    for (Node node : graph.nodes()) {
      for (AttributeValue value : node.attributes().values().values()) {
        sum += bytes(value);
      }
    }
    return sum;
  }

  private static long bytes(AttributeValue value) {
    return switch (value) {
      case AttributeValue.OfTensor v -> bytes(v.value());
      case AttributeValue.OfTensors v -> v.value().stream().mapToLong(ProtoWriter::bytes).sum();
      case AttributeValue.OfGraph v -> bytes(List.of(v.value()));
      case AttributeValue.OfGraphs v -> bytes(v.value());
      default -> 0;
    };
  }

  private static long bytes(List<Body> bodies) {
    long sum = 0;
    for (Body body : bodies) {
      sum += body instanceof GraphBody inner ? tensorBytes(inner.graph()) : 0;
    }
    return sum;
  }

  private static long bytes(Tensor tensor) {
    return tensor.elementType() == ElementType.STRING
        ? tensor.strings().stream().mapToLong(String::length).sum()
        : tensor.data().byteSize();
  }
}
