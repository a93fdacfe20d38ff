package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;

/**
 * ONNX Runtime QLinearLeakyRelu: {@code x} where it is not negative, else {@code alpha * x}, of a
 * quantized tensor, quantized.
 */
public final class QLinearLeakyRelu extends QuantizedFunction {
  /** Slope on the negative side. */
  public static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 0.01f);

  /** The definition. */
  public QLinearLeakyRelu() {
    super(
        Averages.schema(OpId.microsoft("QLinearLeakyRelu"))
            .attributes(ALPHA)
            .doc("Leaky rectifier of quantized values."));
  }

  @Override
  double apply(double x, Attributes attributes) {
    return x >= 0 ? x : attributes.get(ALPHA) * x;
  }

  @Override
  double lipschitz(Attributes attributes) {
    return Math.max(1, Math.abs(attributes.get(ALPHA)));
  }
}
