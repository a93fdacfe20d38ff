package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;

/** ONNX Runtime QLinearSigmoid: {@code 1 / (1 + e^-x)} of a quantized tensor, quantized. */
public final class QLinearSigmoid extends QuantizedFunction {
  /** The definition. */
  public QLinearSigmoid() {
    super(
        Averages.schema(OpId.microsoft("QLinearSigmoid"))
            .doc("Logistic function of quantized values."));
  }

  @Override
  double apply(double x, Attributes attributes) {
    return 1 / (1 + Math.exp(-x));
  }

  @Override
  double lipschitz(Attributes attributes) {
    return 0.25;
  }
}
