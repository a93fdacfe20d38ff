package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.Node;
import dev.fixpoint.onnx.internal.proto.AttributeProto;
import dev.fixpoint.onnx.internal.proto.AttributeProto.AttributeType;
import dev.fixpoint.onnx.internal.proto.FunctionProto;
import dev.fixpoint.onnx.internal.proto.NodeProto;
import dev.fixpoint.onnx.internal.proto.OperatorSetIdProto;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.op.quant.QuantOps;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fake quantizer as a function of the model, so that whoever trains it finds one node for each
 * and every other tool runs it: QuantizeLinear, then DequantizeLinear with the same parameters.
 */
final class FakeQuantFunction {
  /** Domain and name of the function, those of the operator that it stands for. */
  static final OpId ID = QuantOps.FAKE_QUANT.id();

  private static final long BLOCKS_SINCE = 21;
  private static final String X = "x";
  private static final String SCALE = "scale";
  private static final String ZERO_POINT = "zero_point";
  private static final String QUANTIZED = "quantized";
  private static final String Y = "y";

  private FakeQuantFunction() {}

  /** A call of the function; for writing only. */
  static Node call(Node fakeQuant) {
    return new Node(
        fakeQuant.name(),
        new OpaqueOp(ID),
        fakeQuant.attributes(),
        fakeQuant.inputs(),
        fakeQuant.outputs(),
        fakeQuant.provenance(),
        fakeQuant.docString());
  }

  /** The function, if a graph calls it. */
  static Optional<FunctionProto> of(Graph graph, ModelInfo info) {
    boolean called =
        graph.nodes().stream().anyMatch(node -> node.calls(ID) && node.op() instanceof OpaqueOp);
    long opset = info.opsets().getOrDefault("", (long) OpsetImporter.OPSET);
    return called ? Optional.of(proto(opset)) : Optional.empty();
  }

  private static FunctionProto proto(long opset) {
    Map<String, Long> attributes =
        opset < BLOCKS_SINCE ? Map.of("axis", 1L) : Map.of("axis", 1L, "block_size", 0L);
    List<String> names = attributes.keySet().stream().sorted().toList();
    FunctionProto.Builder function =
        FunctionProto.newBuilder()
            .setDomain(ID.domain())
            .setName(ID.name())
            .addAllInput(List.of(X, SCALE, ZERO_POINT))
            .addOutput(Y)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
            .addNode(node("QuantizeLinear", List.of(X, SCALE, ZERO_POINT), QUANTIZED, names))
            .addNode(node("DequantizeLinear", List.of(QUANTIZED, SCALE, ZERO_POINT), Y, names));
    for (String name : names) {
      function.addAttributeProto(
          AttributeProto.newBuilder()
              .setName(name)
              .setType(AttributeType.INT)
              .setI(attributes.getOrDefault(name, 0L)));
    }
    return function.build();
  }

  private static NodeProto node(
      String operator, List<String> inputs, String output, List<String> attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setOpType(operator).addAllInput(inputs).addOutput(output);
    for (String name : attributes) {
      node.addAttribute(
          AttributeProto.newBuilder()
              .setName(name)
              .setRefAttrName(name)
              .setType(AttributeType.INT));
    }
    return node.build();
  }
}
