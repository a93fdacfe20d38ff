package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Scan before opset 9, which ran over a batch in its first axis. */
final class ScanLift {
  private static final OpId SQUEEZE = OpId.of("Squeeze");
  private static final OpId UNSQUEEZE = OpId.of("Unsqueeze");

  private ScanLift() {}

  /** Without the batch axis where it has one element; other batches have no equal. */
  static void batched(NodeDraft node, LiftContext context) {
    if (node.input(0) != null) {
      throw context.refuse(
          node,
          "has lengths of sequences, which newer opsets do not have; export it with opset 9"
              + " or newer");
    }
    if (node.inputs().size() < 2) {
      throw context.refuse(node, "scans nothing; give it an input");
    }
    node.inputs().removeFirst();
    Value axis = null;
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.requireInput(i);
      Shape shape = context.type(input).shape();
      if (!shape.isRanked() || shape.rank() == 0 || !shape.dimension(0).isSize(1)) {
        throw context.refuse(
            node,
            "runs over a batch, which newer opsets do not have; export it with opset 9 or newer");
      }
      axis = axis == null ? context.constant(node, "batch", Tensor.vector(0)) : axis;
      node.setInput(i, context.call(node, "input_" + i, SQUEEZE, Map.of(), List.of(input, axis)));
    }
    if (axis != null) {
      restoreBatch(node, context, axis);
    }
    List<Long> directions = node.removeInts("directions");
    if (directions != null) {
      node.set("scan_input_directions", new AttributeValue.OfInts(directions));
    }
  }

  private static void restoreBatch(NodeDraft node, LiftContext context, Value axis) {
    List<Value> inner = new ArrayList<>();
    for (int i = 0; i < node.outputs().size(); i++) {
      inner.add(context.newValue(node, "output_" + i));
    }
    for (int i = 0; i < inner.size(); i++) {
      List<Value> inputs = List.of(inner.get(i), axis);
      context.call(node, UNSQUEEZE, Map.of(), inputs, node.outputs().get(i));
      node.outputs().set(i, inner.get(i));
    }
  }
}
