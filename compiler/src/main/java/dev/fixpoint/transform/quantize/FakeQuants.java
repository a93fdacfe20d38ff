package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of fake quantizers. */
final class FakeQuants {
  private FakeQuants() {}

  /** The per-tensor parameters with which a value was quantized last, or null. */
  static @Nullable QuantParams params(GraphView graph, Value value) {
    Node producer = graph.producer(value);
    if (producer == null) {
      return null;
    }
    if (!producer.calls(QuantOps.FAKE_QUANT)) {
      QdqView.Source source = QdqView.source(graph, value);
      return source == null ? null : source.params();
    }
    Tensor scale = graph.constant(producer.input(1));
    Value zeroInput = producer.inputOrNull(2);
    Tensor zero = zeroInput == null ? null : graph.constant(zeroInput);
    if (scale == null || scale.elementCount() != 1) {
      return null;
    }
    return QuantParams.perTensor(
        zero == null ? ElementType.UINT8 : zero.elementType(),
        (float) scale.doubleAt(0),
        zero == null ? 0 : zero.longAt(0));
  }
}
