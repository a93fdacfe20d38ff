package dev.fixpoint.onnx.internal;

import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.OpId;

/** Operators and modes that got another name, and defaults that changed. */
final class RenamingLifts {
  private RenamingLifts() {}

  /** Opset 11: Scatter is ScatterElements. */
  static void scatter(NodeDraft node, LiftContext context) {
    node.become(OpId.of("ScatterElements"));
  }

  /** Opset 20: interpolation in any number of dimensions. */
  static void gridSampleMode(NodeDraft node, LiftContext context) {
    if (node.attribute("mode") instanceof AttributeValue.OfString mode) {
      node.set(
          "mode",
          new AttributeValue.OfString(
              switch (mode.value()) {
                case "bilinear" -> "linear";
                case "bicubic" -> "cubic";
                default -> mode.value();
              }));
    }
  }

  /** Opset 16: coordinates are shifted by half a pixel unless said otherwise. */
  static void roiAlignCoordinates(NodeDraft node, LiftContext context) {
    if (!node.hasAttribute("coordinate_transformation_mode")) {
      node.set("coordinate_transformation_mode", new AttributeValue.OfString("output_half_pixel"));
    }
  }
}
