package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * {@code x · Φ(x)} with the normal distribution Φ, or an approximation by the hyperbolic tangent:
 * ONNX Gelu, opset 20. Minima and steepest slopes were computed to 40 digits.
 */
public final class Gelu extends UnaryOp {
  /** {@code none}, or {@code tanh} for the approximation. */
  public static final Attribute<String> APPROXIMATE = Attribute.ofString("approximate", "none");

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Gelu")
          .versions(20)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(APPROXIMATE)
          .doc("The Gaussian error linear unit of each element.");

  Gelu() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return switch (attributes.get(APPROXIMATE)) {
      case "none" -> new Curve(Gelu::exact, -0.7517915246935645, 1.1289041451851550);
      case "tanh" -> new Curve(Gelu::approximate, -0.7524614220710163, 1.1289930686587720);
      default ->
          throw new IllegalArgumentException(
              "attribute 'approximate' should be 'none' or 'tanh', but is '"
                  + attributes.get(APPROXIMATE)
                  + "'");
    };
  }

  private static double exact(double x) {
    return 0.5 * x * ErrorFunction.erfc(-x * Math.sqrt(0.5));
  }

  // 0.5 (1 + tanh z) is the logistic function of 2z.
  private static double approximate(double x) {
    double z = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    return x * Logistic.sigmoid(2 * z);
  }
}
