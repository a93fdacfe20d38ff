package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * {@code x · tanh(log(1 + eˣ))}: ONNX Mish, opset 22. Minimum and slope were computed to 40 digits.
 */
public final class Mish extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Mish")
          .versions(18, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("Each element times the hyperbolic tangent of its softplus.");

  Mish() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new Curve(
        x -> x * Math.tanh(Logistic.softplus(x)), -1.1924312145154952, 1.0884981612517280);
  }
}
