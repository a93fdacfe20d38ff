package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.tensor.ElementType;
import java.util.Optional;

/** Why a node of a lowered graph runs on integers or does not. */
final class LoweringReason {
  private LoweringReason() {}

  /** The entry of a node that is no quantizer. */
  static QuantReport.Entry of(GraphView graph, Node node) {
    if (QuantOps.REGISTRY.find(node.opId()).isPresent()) {
      return QuantReport.Entry.of(node, true, "an operator on quantized values");
    }
    if (!node.inputs().isEmpty() && node.hasInput(0) && isQuantized(graph, node.input(0))) {
      return QuantReport.Entry.of(node, true, "it moves or selects integers as they are");
    }
    return QuantReport.Entry.of(node, false, refusal(graph, node));
  }

  private static boolean isQuantized(GraphView graph, Value value) {
    ElementType type = graph.type(value).elementType();
    return type.isInteger() && type.bits() <= 16;
  }

  private static String refusal(GraphView graph, Node node) {
    if (graph.type(node.output()).elementType() != ElementType.FLOAT) {
      return "its values are not float32 numbers";
    }
    Optional<QuantRole> role = QuantRole.of(node);
    if (role.isEmpty()) {
      return node.opId() + " has no integer form";
    }
    if (role.get() == QuantRole.WEIGHTED) {
      return WeightedLowering.refusal(graph, node).orElse("it was not visited by lowering");
    }
    return inputRefusal(graph, node)
        .orElse(
            QdqView.onlyTarget(graph, node.output()) == null
                ? "its result is not quantized with one scale for one reader"
                : "its form for the types around it does not exist");
  }

  private static Optional<String> inputRefusal(GraphView graph, Node node) {
    for (int input : QuantRole.dataInputs(node)) {
      if (QdqView.source(graph, node.input(input)) == null) {
        return Optional.of("'" + node.input(input).name() + "' is not quantized with one scale");
      }
    }
    return Optional.empty();
  }
}
