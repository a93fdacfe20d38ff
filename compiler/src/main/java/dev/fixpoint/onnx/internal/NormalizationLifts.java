package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Old forms of the normalizations. */
final class NormalizationLifts {
  private static final Attributes SECOND_DIMENSION =
      Attributes.NONE.with(Attribute.ofInt("start"), 1L).with(Attribute.ofInt("end"), 2L);

  private NormalizationLifts() {}

  /** Opset 9: statistics are always per channel. */
  static void spatial(NodeDraft node, LiftContext context) {
    Long spatial = node.removeInt("spatial");
    Shape shape = context.type(node.requireInput(0)).shape();
    if (spatial != null && spatial == 0 && !(shape.isRanked() && shape.rank() == 2)) {
      throw context.refuse(
          node, "has statistics per activation (spatial = 0), which newer opsets do not have");
    }
  }

  /** Opset 14: training is an attribute, and there are no saved statistics. */
  static void trainingOutputs(NodeDraft node, LiftContext context) {
    node.remove("is_test");
    node.remove("consumed_inputs");
    node.dropUnreadOutputs();
    if (node.outputs().size() > 3) {
      throw context.refuse(
          node, "gives saved statistics, which newer opsets do not have; do not read them");
    }
    if (node.outputs().size() > 1) {
      node.set("training_mode", new AttributeValue.OfInt(1));
    }
  }

  /** Opset 21: scale and bias are per channel, no longer per group. */
  static void groupsToChannels(NodeDraft node, LiftContext context) {
    Value x = node.requireInput(0);
    Value channels =
        context.call(node, "channels", OpId.of("Shape"), SECOND_DIMENSION.values(), List.of(x));
    Long groups = node.getInt("num_groups");
    if (groups == null || groups <= 0) {
      throw context.refuse(node, "has no attribute 'num_groups' of 1 or more; add it");
    }
    Value count = context.constant(node, "groups", Tensor.vector(groups));
    Value size =
        context.call(node, "group_size", OpId.of("Div"), Map.of(), List.of(channels, count));
    Value grid =
        context.call(
            node,
            "grid",
            OpId.of("Concat"),
            Map.of("axis", new AttributeValue.OfInt(0)),
            List.of(count, size));
    Value column = context.constant(node, "column", Tensor.vector(-1, 1));
    Value row = context.constant(node, "row", Tensor.vector(-1));
    for (int i = 1; i <= 2; i++) {
      String hint = i == 1 ? "scale" : "bias";
      Value perGroup = node.requireInput(i);
      Value upright =
          context.call(
              node, hint + "_column", OpId.of("Reshape"), Map.of(), List.of(perGroup, column));
      Value spread =
          context.call(node, hint + "_grid", OpId.of("Expand"), Map.of(), List.of(upright, grid));
      node.setInput(
          i, context.call(node, hint, OpId.of("Reshape"), Map.of(), List.of(spread, row)));
    }
  }
}
