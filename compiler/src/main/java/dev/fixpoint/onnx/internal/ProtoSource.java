package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.SourceGraph.Declaration;
import dev.fixpoint.onnx.internal.proto.AttributeProto;
import dev.fixpoint.onnx.internal.proto.FunctionProto;
import dev.fixpoint.onnx.internal.proto.GraphProto;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import dev.fixpoint.onnx.internal.proto.NodeProto;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import dev.fixpoint.onnx.internal.proto.TypeProto;
import dev.fixpoint.onnx.internal.proto.ValueInfoProto;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Reads a {@code ModelProto} into a {@link SourceModel}.
 *
 * <p>Not kept, because a graph has no place for them: training steps, quantization annotations,
 * device configurations, denotations, and the free properties of anything but the model.
 */
final class ProtoSource {
  private final TensorDecoder tensors;

  ProtoSource(ExternalData external) {
    this.tensors = new TensorDecoder(external);
  }

  /**
   * The model as it is written.
   *
   * @throws ModelException if a part contradicts itself or cannot be kept
   */
  SourceModel model(ModelProto proto) {
    if (!proto.hasGraph()) {
      throw new ModelException("the model has no graph; it is no ONNX file, or damaged");
    }
    List<SourceFunction> functions = new ArrayList<>();
    proto.getFunctionsList().forEach(function -> functions.add(function(function)));
    SourceGraph graph = graph(proto.getGraph(), "graph '" + proto.getGraph().getName() + "'");
    for (int i = 0; i < proto.getGraph().getInputCount(); i++) {
      requireTensor(proto.getGraph().getInput(i), "graph input", graph);
    }
    for (int i = 0; i < proto.getGraph().getOutputCount(); i++) {
      requireTensor(proto.getGraph().getOutput(i), "graph output", graph);
    }
    return new SourceModel(ProtoInfo.of(proto), graph, functions);
  }

  private static void requireTensor(ValueInfoProto proto, String kind, SourceGraph graph) {
    if (proto.hasType() && !ProtoTypes.isTensor(proto.getType())) {
      throw new ModelException(
          kind
              + " '"
              + proto.getName()
              + "' of graph '"
              + graph.name()
              + "' is no tensor but a "
              + proto.getType().getValueCase().name().replace("_TYPE", "").toLowerCase(Locale.ROOT)
              + "; cut the graph so that only tensors go in and out");
    }
  }

  private SourceFunction function(FunctionProto proto) {
    String place = "function '" + proto.getName() + "'";
    Map<String, SourceAttribute> defaults = attributes(proto.getAttributeProtoList(), place, place);
    return new SourceFunction(
        opId(proto.getDomain(), proto.getName(), place),
        proto.getOverload(),
        proto.getInputList(),
        proto.getOutputList(),
        defaults,
        nodes(proto.getNodeList(), place),
        ProtoInfo.opsets(proto.getOpsetImportList(), place));
  }

  private SourceGraph graph(GraphProto proto, String place) {
    if (proto.getSparseInitializerCount() > 0) {
      throw new ModelException(
          place
              + " has the sparse initializer '"
              + proto.getSparseInitializer(0).getValues().getName()
              + "'; store it as a dense one");
    }
    Map<String, Tensor> initializers = new LinkedHashMap<>();
    for (TensorProto initializer : proto.getInitializerList()) {
      String name = initializer.getName();
      if (name.isEmpty()) {
        throw new ModelException(place + " has an initializer without a name; give it one");
      }
      Tensor tensor = tensors.decode(initializer, "initializer '" + name + "'");
      if (initializers.put(name, tensor) != null) {
        throw new ModelException(
            "two initializers of " + place + " are named '" + name + "'; give each its own name");
      }
    }
    return new SourceGraph(
        proto.getName(),
        proto.getDocString(),
        declarations(proto.getInputList(), place, "an input"),
        declarations(proto.getOutputList(), place, "an output"),
        declarations(proto.getValueInfoList(), place, "a declared value"),
        initializers,
        nodes(proto.getNodeList(), place));
  }

  private static List<Declaration> declarations(
      List<ValueInfoProto> protos, String place, String kind) {
    List<Declaration> declarations = new ArrayList<>(protos.size());
    for (ValueInfoProto proto : protos) {
      if (proto.getName().isEmpty()) {
        throw new ModelException(place + " has " + kind + " without a name; give it one");
      }
      declarations.add(
          new Declaration(
              proto.getName(),
              ProtoTypes.decode(proto.getType(), "the declaration of '" + proto.getName() + "'")));
    }
    return declarations;
  }

  private List<SourceNode> nodes(List<NodeProto> protos, String place) {
    List<SourceNode> nodes = new ArrayList<>(protos.size());
    for (NodeProto proto : protos) {
      nodes.add(node(proto, place));
    }
    return nodes;
  }

  private SourceNode node(NodeProto proto, String place) {
    String name = proto.getName();
    OpId op =
        opId(
            proto.getDomain(),
            proto.getOpType(),
            "node '"
                + (name.isEmpty() ? String.join(", ", proto.getOutputList()) : name)
                + "' of "
                + place);
    String nodePlace = op + " node '" + name + "'";
    return new SourceNode(
        name,
        op,
        proto.getOverload(),
        proto.getInputList(),
        proto.getOutputList(),
        attributes(proto.getAttributeList(), nodePlace, place),
        proto.getDocString());
  }

  private static OpId opId(String domain, String name, String place) {
    if (name.isEmpty()) {
      throw new ModelException(place + " names no operator; name one or remove it");
    }
    return new OpId(domain, name);
  }

  private Map<String, SourceAttribute> attributes(
      List<AttributeProto> protos, String place, String graphPlace) {
    Map<String, SourceAttribute> attributes = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (AttributeProto proto : protos) {
      if (proto.getName().isEmpty() || !seen.add(proto.getName())) {
        throw new ModelException(
            place
                + (proto.getName().isEmpty()
                    ? " has an attribute without a name; give it one"
                    : " has two attributes '" + proto.getName() + "'; keep one"));
      }
      String attributePlace = "attribute '" + proto.getName() + "' of " + place;
      attributes.put(proto.getName(), attribute(proto, attributePlace, graphPlace));
    }
    return attributes;
  }

  private SourceAttribute attribute(AttributeProto proto, String place, String graphPlace) {
    if (!proto.getRefAttrName().isEmpty()) {
      return new SourceAttribute.Reference(proto.getRefAttrName());
    }
    return switch (kind(proto, place)) {
      case INT -> plain(new AttributeValue.OfInt(proto.getI()));
      case FLOAT -> plain(new AttributeValue.OfFloat(proto.getF()));
      case STRING -> plain(new AttributeValue.OfString(TensorDecoder.text(proto.getS(), place)));
      case TENSOR -> plain(new AttributeValue.OfTensor(tensors.decode(proto.getT(), place)));
      case TYPE_PROTO -> plain(new AttributeValue.OfType(type(proto, proto.getTp(), place)));
      case INTS -> plain(new AttributeValue.OfInts(proto.getIntsList()));
      case FLOATS -> plain(new AttributeValue.OfFloats(proto.getFloatsList()));
      case STRINGS ->
          plain(
              new AttributeValue.OfStrings(
                  list(
                      proto.getStringsCount(),
                      i -> TensorDecoder.text(proto.getStrings(i), place))));
      case TENSORS ->
          plain(
              new AttributeValue.OfTensors(
                  list(proto.getTensorsCount(), i -> tensors.decode(proto.getTensors(i), place))));
      case TYPE_PROTOS ->
          plain(
              new AttributeValue.OfTypes(
                  list(
                      proto.getTypeProtosCount(),
                      i -> type(proto, proto.getTypeProtos(i), place))));
      case GRAPH -> new SourceAttribute.OfGraph(subgraph(proto.getG(), place));
      case GRAPHS ->
          new SourceAttribute.OfGraphs(
              list(proto.getGraphsCount(), i -> subgraph(proto.getGraphs(i), place)));
      case SPARSE_TENSOR, SPARSE_TENSORS ->
          throw new ModelException(place + " is a sparse tensor; store it as a dense one");
      case UNDEFINED -> throw new ModelException(place + " has no value; give it one");
    };
  }

  private SourceGraph subgraph(GraphProto proto, String place) {
    return graph(proto, proto.getName().isEmpty() ? place : "subgraph '" + proto.getName() + "'");
  }

  private static TensorType type(AttributeProto proto, TypeProto type, String place) {
    if (!type.hasTensorType()) {
      throw new ModelException(
          place
              + " is the type of something else than a tensor, which is not kept here; remove it");
    }
    return ProtoTypes.decode(type, place);
  }

  private static SourceAttribute plain(AttributeValue value) {
    return new SourceAttribute.Plain(value);
  }

  private static <T> List<T> list(int count, IntFunction<T> get) {
    List<T> made = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      made.add(get.apply(i));
    }
    return made;
  }

  /** The declared kind; the oldest files declare none, there it is the field that is set. */
  private static AttributeProto.AttributeType kind(AttributeProto proto, String place) {
    if (proto.hasType() && proto.getType() != AttributeProto.AttributeType.UNDEFINED) {
      return proto.getType();
    }
    if (proto.hasF()) {
      return AttributeProto.AttributeType.FLOAT;
    }
    if (proto.hasI()) {
      return AttributeProto.AttributeType.INT;
    }
    if (proto.hasS()) {
      return AttributeProto.AttributeType.STRING;
    }
    if (proto.hasT()) {
      return AttributeProto.AttributeType.TENSOR;
    }
    if (proto.hasG()) {
      return AttributeProto.AttributeType.GRAPH;
    }
    if (proto.getFloatsCount() > 0) {
      return AttributeProto.AttributeType.FLOATS;
    }
    if (proto.getIntsCount() > 0) {
      return AttributeProto.AttributeType.INTS;
    }
    if (proto.getStringsCount() > 0) {
      return AttributeProto.AttributeType.STRINGS;
    }
    throw new ModelException(place + " says neither its kind nor a value; export the model again");
  }
}
