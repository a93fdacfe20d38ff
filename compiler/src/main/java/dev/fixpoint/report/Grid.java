package dev.fixpoint.report;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The grid of a FakeQuant, or of a QuantizeLinear (ONNX) that is followed by a DequantizeLinear.
 *
 * @param output the value on the grid
 * @param type the integers
 * @param scale the step; NaN where there is not one constant scale
 * @param zeroPoint the integer that stands for zero
 */
record Grid(Value output, ElementType type, double scale, double zeroPoint) {
  private static final OpId QUANTIZE = OpId.of("QuantizeLinear");
  private static final OpId DEQUANTIZE = OpId.of("DequantizeLinear");
  private static final OpId FAKE_QUANT = OpId.fixpoint("FakeQuant");

  /** Whether a node makes values on a grid of real ones. */
  static boolean endsAt(Node node) {
    return node.calls(FAKE_QUANT) || node.calls(DEQUANTIZE);
  }

  /** The first grid that a value is moved onto, or null. */
  static @Nullable Grid of(Graph graph, Value value) {
    for (var use : graph.uses(value)) {
      Node quantize = use.node();
      if (quantize.calls(FAKE_QUANT) && value.equals(quantize.inputOrNull(0))) {
        Value zero = quantize.inputOrNull(2);
        ElementType type = zero == null ? ElementType.UINT8 : graph.type(zero).elementType();
        return of(graph, quantize, type, quantize.output());
      }
      if (quantize.calls(QUANTIZE) && value.equals(quantize.inputOrNull(0))) {
        for (var next : graph.uses(quantize.output())) {
          if (next.node().calls(DEQUANTIZE)) {
            ElementType type = graph.type(quantize.output()).elementType();
            return of(graph, quantize, type, next.node().output());
          }
        }
      }
    }
    return null;
  }

  private static Grid of(Graph graph, Node quantize, ElementType type, Value output) {
    double scale = single(graph, quantize.inputOrNull(1), Double.NaN);
    double zero = single(graph, quantize.inputOrNull(2), 0);
    return new Grid(output, type, type.isInteger() ? scale : Double.NaN, zero);
  }

  private static double single(Graph graph, @Nullable Value value, double otherwise) {
    if (value == null) {
      return otherwise;
    }
    Tensor constant = graph.constant(value);
    return constant != null && constant.elementCount() == 1 ? constant.doubleAt(0) : Double.NaN;
  }

  /** Whether the range is one of numbers that are known. */
  boolean isKnown() {
    return Double.isFinite(low()) && Double.isFinite(high()) && scale > 0;
  }

  double low() {
    return (type.minInteger() - zeroPoint) * scale;
  }

  double high() {
    return (type.maxInteger() - zeroPoint) * scale;
  }
}
