package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code max(0, x) + min(0, alpha · (e^(x / alpha) - 1))}: ONNX Celu, opset 12. */
public final class Celu extends UnaryOp {
  /** Where the negative side ends; positive. */
  public static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1f);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Celu")
          .versions(12, 28)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(ALPHA)
          .doc("An Elu with a continuous slope.");

  Celu() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    double alpha = attributes.get(ALPHA);
    if (!(alpha > 0)) {
      throw new IllegalArgumentException("attribute 'alpha' must be positive, but is " + alpha);
    }
    return new ExponentialUnit(1, alpha, 1 / alpha);
  }
}
