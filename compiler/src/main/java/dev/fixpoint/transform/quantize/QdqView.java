package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Quantizers and dequantizers around a value, as lowering looks for them. */
final class QdqView {
  private QdqView() {}

  /**
   * An integer value that a dequantizer with constant parameters of the whole tensor reads.
   *
   * @param dequantizer the DequantizeLinear
   * @param params its parameters
   */
  record Source(Node dequantizer, QuantParams params) {
    /** The integers. */
    Value integers() {
      return dequantizer.input(0);
    }

    /** Their scale. */
    Value scale() {
      return dequantizer.input(1);
    }

    /** Their zero point, or null. */
    @Nullable Value zeroPoint() {
      return dequantizer.inputOrNull(2);
    }
  }

  /**
   * A quantizer with constant parameters of the whole tensor.
   *
   * @param quantizer the QuantizeLinear
   * @param params its parameters
   */
  record Target(Node quantizer, QuantParams params) {
    /** The integers. */
    Value integers() {
      return quantizer.output();
    }

    /** Their scale. */
    Value scale() {
      return quantizer.input(1);
    }

    /** Their zero point, or null. */
    @Nullable Value zeroPoint() {
      return quantizer.inputOrNull(2);
    }
  }

  /** The source of a value that a per-tensor dequantizer makes, or null. */
  static @Nullable Source source(GraphView graph, Value value) {
    Node producer = graph.producer(value);
    if (producer == null || !producer.calls(QuantOps.DEQUANTIZE_LINEAR)) {
      return null;
    }
    QuantParams params = params(graph, producer, graph.type(producer.input(0)).elementType());
    return params == null ? null : new Source(producer, params);
  }

  /** The per-tensor quantizer that is the only reader of a value, or null. */
  static @Nullable Target onlyTarget(GraphView graph, Value value) {
    List<Use> uses = graph.uses(value);
    if (uses.size() != 1 || graph.isOutput(value)) {
      return null;
    }
    Use use = uses.getFirst();
    return use.index() == 0 ? target(graph, use.node()) : null;
  }

  /** A node as a per-tensor quantizer, or null. */
  static @Nullable Target target(GraphView graph, Node node) {
    if (!node.calls(QuantOps.QUANTIZE_LINEAR)
        || graph.type(node.input(0)).elementType() != ElementType.FLOAT
        || node.get(QuantizeLinear.PRECISION) != 0) {
      return null;
    }
    QuantParams params = params(graph, node, graph.type(node.output()).elementType());
    return params == null ? null : new Target(node, params);
  }

  /** The constant float32 parameters of a node for a whole tensor of small integers, or null. */
  private static @Nullable QuantParams params(GraphView graph, Node node, ElementType type) {
    Tensor scale = graph.constant(node.input(1));
    Value zeroInput = node.inputOrNull(2);
    Tensor zero = zeroInput == null ? null : graph.constant(zeroInput);
    if (scale == null
        || (zeroInput != null && zero == null)
        || scale.elementType() != ElementType.FLOAT
        || scale.elementCount() != 1
        || node.get(QuantizeLinear.BLOCK_SIZE) != 0
        || !type.isInteger()
        || type.bits() > 16) {
      return null;
    }
    float value = (float) scale.doubleAt(0);
    return value > 0 && value <= Float.MAX_VALUE
        ? QuantParams.perTensor(type, value, zero == null ? 0 : zero.longAt(0))
        : null;
  }

  /** Whether a value is a constant behind a dequantizer with constant parameters. */
  static boolean isQuantizedConstant(GraphView graph, Value value) {
    Node producer = graph.producer(value);
    return producer != null
        && (producer.calls(QuantOps.DEQUANTIZE_LINEAR) || producer.calls(QuantOps.FAKE_QUANT))
        && producer.inputs().stream()
            .allMatch(input -> input == null || graph.constant(input) != null);
  }

  /** A constant, or what the dequantizer of a constant makes of it; null for computed values. */
  static @Nullable Tensor realConstant(GraphView graph, Value value) {
    Tensor constant = graph.constant(value);
    if (constant != null) {
      return constant;
    }
    Node producer = graph.producer(value);
    if (producer == null || !isQuantizedConstant(graph, value)) {
      return null;
    }
    OpCall call = TypeInference.call(graph, producer);
    return producer.op().evaluate(call).getFirst();
  }
}
