package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * {@code gamma · x} for {@code x > 0}, else {@code gamma · alpha · (eˣ - 1)}: ONNX Selu, opset 22.
 */
public final class Selu extends UnaryOp {
  /** Factor of the exponential. */
  public static final Attribute<Float> ALPHA =
      Attribute.ofFloat("alpha", 1.67326319217681884765625f);

  /** Factor of everything. */
  public static final Attribute<Float> GAMMA =
      Attribute.ofFloat("gamma", 1.05070102214813232421875f);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Selu")
          .versions(1, 6, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(ALPHA, GAMMA)
          .doc("A scaled Elu.");

  Selu() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    double gamma = attributes.get(GAMMA);
    return new ExponentialUnit(gamma, gamma * attributes.get(ALPHA), 1);
  }
}
