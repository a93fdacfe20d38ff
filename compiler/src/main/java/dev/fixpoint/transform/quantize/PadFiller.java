package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.standard.Pad;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Pad puts around a quantized tensor: the integer that stands for its constant, which for zero
 * is the zero point.
 */
final class PadFiller {
  /** Position of the constant. */
  static final int CONSTANT_VALUE = 2;

  private PadFiller() {}

  /** Whether a node is a Pad that adds a constant. */
  static boolean isConstant(Node node) {
    return node.calls(StandardOps.PAD) && node.get(Pad.MODE).equals("constant");
  }

  /** Why a node cannot pad integers; empty where it can, or is no Pad. */
  static Optional<String> refusal(GraphView graph, Node node) {
    if (!isConstant(node) || !node.hasInput(CONSTANT_VALUE)) {
      return Optional.empty();
    }
    Tensor constant = graph.constant(node.input(CONSTANT_VALUE));
    if (constant == null) {
      return Optional.of("it pads with a computed value");
    }
    return Double.isFinite(constant.doubleAt(0))
        ? Optional.empty()
        : Optional.of("it pads with " + constant.doubleAt(0));
  }

  /**
   * The filler as an integer, or null where quantizing would change it.
   *
   * @param after parameters with which the padded tensor is quantized anyway, or null
   */
  static @Nullable Tensor quantized(
      GraphView graph, Node pad, QuantParams params, @Nullable QuantParams after) {
    Tensor constant =
        pad.hasInput(CONSTANT_VALUE) ? graph.constant(pad.input(CONSTANT_VALUE)) : null;
    double value = constant == null ? 0 : constant.doubleAt(0);
    long integer = params.quantize(value, 0);
    boolean same = params.equals(after) || params.dequantize(integer, 0) == value;
    return same ? Tensor.ofLongs(params.elementType(), Shape.SCALAR, integer) : null;
  }
}
