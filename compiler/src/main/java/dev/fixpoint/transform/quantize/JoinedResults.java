package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Nodes of a fake-quantized graph that have no integer form of their own, and that lowering joins
 * with the quantizer or the product beside them.
 */
final class JoinedResults {
  private JoinedResults() {}

  /** With what lowering joins a node, for people; empty where it stays as it is. */
  static Optional<String> reason(Graph placed, Node node) {
    if (node.calls(StandardOps.LAYER_NORMALIZATION) || node.calls(StandardOps.SOFTMAX)) {
      return isQuantizedOnce(placed, node.output())
          ? Optional.of("it writes the integers that are read")
          : Optional.empty();
    }
    return isFactorOfProduct(placed, node)
        ? Optional.of("its factor goes into the scale of the integer product before it")
        : Optional.empty();
  }

  /** Whether a quantizer of the whole tensor to 8 bits is all that reads a value. */
  private static boolean isQuantizedOnce(Graph placed, Value value) {
    List<Use> uses = placed.uses(value);
    if (uses.size() != 1 || placed.isOutput(value)) {
      return false;
    }
    Node reader = uses.getFirst().node();
    QuantParams params =
        reader.calls(QuantOps.FAKE_QUANT) ? FakeQuants.params(placed, reader.output()) : null;
    return params != null
        && (params.elementType() == ElementType.INT8 || params.elementType() == ElementType.UINT8);
  }

  private static boolean isFactorOfProduct(Graph placed, Node node) {
    if (!node.calls(StandardOps.MUL) && !node.calls(StandardOps.DIV)) {
      return false;
    }
    Value value = node.input(0);
    Tensor factor = placed.constant(node.input(1));
    if (factor == null && node.calls(StandardOps.MUL)) {
      value = node.input(1);
      factor = placed.constant(node.input(0));
    }
    Node product = placed.producer(value);
    return factor != null
        && factor.elementCount() == 1
        && factor.doubleAt(0) > 0
        && product != null
        && product.calls(StandardOps.MAT_MUL)
        && placed.uses(value).size() == 1
        && !placed.isOutput(value)
        && QuantRole.dataInputs(product).stream()
            .allMatch(input -> FakeQuants.params(placed, product.input(input)) != null);
  }
}
