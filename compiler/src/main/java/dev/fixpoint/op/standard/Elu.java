package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code x} for {@code x >= 0}, else {@code alpha · (eˣ - 1)}: ONNX Elu, opset 22. */
public final class Elu extends UnaryOp {
  /** Factor of the exponential. */
  public static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1f);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Elu")
          .versions(1, 6, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(ALPHA)
          .doc("Each element, or an exponential where it is negative.");

  Elu() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new ExponentialUnit(1, attributes.get(ALPHA), 1);
  }
}
