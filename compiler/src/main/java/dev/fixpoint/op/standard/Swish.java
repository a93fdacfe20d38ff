package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * {@code x / (1 + e^(-alpha · x))}: ONNX Swish, opset 24. Its bend and slope were computed to 40
 * digits.
 */
public final class Swish extends UnaryOp {
  /** Factor in the logistic function. */
  public static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1f);

  /** Where the function with alpha 1 has its minimum. */
  private static final double BEND = -1.2784645427610738;

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Swish")
          .versions(24)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(ALPHA)
          .doc("Each element times the logistic function of a multiple of it.");

  Swish() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return curve(attributes.get(ALPHA));
  }

  /** The function with a factor. */
  static RealFunction curve(double alpha) {
    return new Curve(x -> x * Logistic.sigmoid(alpha * x), BEND / alpha, 1.0998393201288670);
  }
}
