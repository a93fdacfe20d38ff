package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attributes that became inputs. */
final class InputLifts {
  private InputLifts() {}

  /** Opset 11: {@code min} and {@code max}. */
  static void clip(NodeDraft node, LiftContext context) {
    Value x = node.requireInput(0);
    int index = 1;
    for (String bound : List.of("min", "max")) {
      Float value = node.removeFloat(bound);
      if (value != null) {
        node.setInput(index, context.scalarLike(node, bound, value, x));
      }
      index++;
    }
  }

  /** Opset 11: {@code pads} and {@code value}. */
  static void pad(NodeDraft node, LiftContext context) {
    Float value = node.removeFloat("value");
    node.setInput(1, vector(node, context, "pads", node.requireInts("pads")));
    // Absent means zero of any type.
    if (value != null && Float.floatToRawIntBits(value) != 0) {
      node.setInput(2, context.scalarLike(node, "value", value, node.requireInput(0)));
    }
  }

  /** Opset 10: {@code starts}, {@code ends} and {@code axes}. */
  static void slice(NodeDraft node, LiftContext context) {
    node.setInput(1, vector(node, context, "starts", node.requireInts("starts")));
    node.setInput(2, vector(node, context, "ends", node.requireInts("ends")));
    List<Long> axes = node.removeInts("axes");
    if (axes != null) {
      node.setInput(3, vector(node, context, "axes", axes));
    }
  }

  /** Opset 13 or 18: {@code axes}. */
  static void axes(NodeDraft node, LiftContext context) {
    List<Long> axes = node.removeInts("axes");
    if (axes != null && !axes.isEmpty()) {
      node.setInput(1, vector(node, context, "axes", axes));
    }
  }

  /** Opset 10: {@code k}. */
  static void topK(NodeDraft node, LiftContext context) {
    Long k = node.removeInt("k");
    if (k == null) {
      throw context.refuse(node, "has no attribute 'k'; add it");
    }
    node.setInput(1, vector(node, context, "k", List.of(k)));
  }

  /** Opset 12: {@code ratio}. Before 10 the mask is no truth value. */
  static void dropout(NodeDraft node, LiftContext context) {
    node.dropUnreadOutputs();
    if (context.opset() < 10 && node.outputs().size() > 1) {
      throw context.refuse(node, "gives its mask as numbers; do not read the mask");
    }
    Float ratio = node.removeFloat("ratio");
    if (ratio != null) {
      node.setInput(1, context.constant(node, "ratio", Tensor.ofFloats(Shape.SCALAR, ratio)));
    }
  }

  /** Opset 13: {@code split}. */
  static void splitSizes(NodeDraft node, LiftContext context) {
    List<Long> sizes = node.removeInts("split");
    if (sizes != null) {
      node.setInput(1, vector(node, context, "split", sizes));
    }
  }

  /** Opset 18: the number of equal parts is said, not counted. */
  static void splitCount(NodeDraft node, LiftContext context) {
    if (node.input(1) == null) {
      node.set("num_outputs", new AttributeValue.OfInt(node.outputs().size()));
    }
  }

  /** Opset 20: {@code axis}, whose default changed. */
  static void dft(NodeDraft node, LiftContext context) {
    Long axis = node.removeInt("axis");
    node.setInput(
        2,
        context.constant(
            node,
            "axis",
            Tensor.ofLongs(ElementType.INT64, Shape.SCALAR, axis == null ? 1 : axis)));
  }

  private static @Nullable Value vector(
      NodeDraft node, LiftContext context, String hint, List<Long> numbers) {
    return context.constant(
        node, hint, Tensor.vector(numbers.stream().mapToLong(Long::longValue).toArray()));
  }
}
