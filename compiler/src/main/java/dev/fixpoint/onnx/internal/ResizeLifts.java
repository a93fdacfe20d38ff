package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Resize and what it was before. */
final class ResizeLifts {
  private static final OpId RESIZE = OpId.of("Resize");

  private ResizeLifts() {}

  /** Opset 9: {@code scales} is an input. */
  static void upsampleScales(NodeDraft node, LiftContext context) {
    List<Float> scales = node.removeFloats("scales");
    if (scales == null) {
      throw context.refuse(node, "has no attribute 'scales'; add it");
    }
    double[] numbers = scales.stream().mapToDouble(Float::doubleValue).toArray();
    node.setInput(
        1,
        context.constant(
            node,
            "scales",
            Tensor.ofDoubles(ElementType.FLOAT, Shape.of(numbers.length), numbers)));
  }

  /** Opset 10: Upsample is Resize. */
  static void upsample(NodeDraft node, LiftContext context) {
    node.become(RESIZE);
    resizeScales(node, context);
  }

  /**
   * Opset 11: there is a region of interest between data and scales, and coordinates and rounding
   * are attributes. What they were before: output index over scale, rounded down where an axis
   * grows and up where it shrinks.
   */
  static void resizeScales(NodeDraft node, LiftContext context) {
    Value scales = node.requireInput(1);
    node.set("coordinate_transformation_mode", new AttributeValue.OfString("asymmetric"));
    Tensor known = context.constant(scales);
    double[] numbers = known == null ? new double[0] : known.toDoubles();
    boolean shrinks = Arrays.stream(numbers).anyMatch(scale -> scale < 1);
    boolean grows = Arrays.stream(numbers).anyMatch(scale -> scale > 1);
    if (shrinks && grows && isNearest(node)) {
      shrinkFirst(node, context, numbers);
    } else {
      node.setInput(1, null);
      node.setInput(2, scales);
      node.set("nearest_mode", new AttributeValue.OfString(shrinks ? "ceil" : "floor"));
    }
  }

  private static boolean isNearest(NodeDraft node) {
    return !(node.attribute("mode") instanceof AttributeValue.OfString mode)
        || mode.value().equals("nearest");
  }

  private static void shrinkFirst(NodeDraft node, LiftContext context, double[] scales) {
    node.set("nearest_mode", new AttributeValue.OfString("ceil"));
    Value smaller =
        context.call(
            node,
            "smaller",
            RESIZE,
            node.attributes().values(),
            inputs(node, context, "shrink", Arrays.stream(scales).map(s -> Math.min(s, 1))));
    node.set("nearest_mode", new AttributeValue.OfString("floor"));
    List<@Nullable Value> inputs =
        inputs(node, context, "grow", Arrays.stream(scales).map(s -> Math.max(s, 1)));
    node.setInput(0, smaller);
    node.setInput(1, null);
    node.setInput(2, inputs.get(2));
  }

  private static List<@Nullable Value> inputs(
      NodeDraft node, LiftContext context, String hint, DoubleStream scales) {
    double[] numbers = scales.toArray();
    Tensor tensor = Tensor.ofDoubles(ElementType.FLOAT, Shape.of(numbers.length), numbers);
    return Arrays.asList(node.requireInput(0), null, context.constant(node, hint, tensor));
  }

  /** Opset 13: a region or scales that are not wanted are omitted, no longer empty. */
  static void omitEmpty(NodeDraft node, LiftContext context) {
    for (int i = 1; i <= 3; i++) {
      Value input = node.input(i);
      Tensor tensor = input == null ? null : context.constant(input);
      if (tensor != null && tensor.elementCount() == 0) {
        node.setInput(i, null);
      }
    }
  }
}
