package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.List;
import java.util.Map;

/** The softmax family before opset 13, which ran over all axes from the given one on together. */
final class SoftmaxLift {
  private SoftmaxLift() {}

  /**
   * Over one axis where the others behind it are known to have one element; else through a matrix
   * and back.
   */
  static void flattened(NodeDraft node, LiftContext context) {
    Value x = node.requireInput(0);
    Long given = node.removeInt("axis");
    long axis = given == null ? 1 : given;
    Shape shape = context.type(x).shape();
    if (shape.isRanked()) {
      long first = axis < 0 ? axis + shape.rank() : axis;
      if (first >= 0 && first < shape.rank() && restIsOne(shape, first)) {
        node.set("axis", new AttributeValue.OfInt(first == shape.rank() - 1 ? -1 : first));
        return;
      }
    }
    Value matrix =
        context.call(
            node,
            "flat",
            OpId.of("Flatten"),
            Map.of("axis", new AttributeValue.OfInt(axis)),
            List.of(x));
    Value sizes = context.call(node, "shape", OpId.of("Shape"), Map.of(), List.of(x));
    Value result = context.newValue(node, "of_flat");
    context.call(
        node,
        OpId.of("Reshape"),
        Map.of("allowzero", new AttributeValue.OfInt(1)),
        List.of(result, sizes),
        node.outputs().getFirst());
    node.setInput(0, matrix);
    node.outputs().set(0, result);
    node.set("axis", new AttributeValue.OfInt(-1));
  }

  private static boolean restIsOne(Shape shape, long axis) {
    for (Dimension dimension : shape.dimensions().subList((int) axis + 1, shape.rank())) {
      if (!dimension.isSize(1)) {
        return false;
      }
    }
    return true;
  }
}
