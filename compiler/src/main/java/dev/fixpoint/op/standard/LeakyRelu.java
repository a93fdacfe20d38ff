package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code x} for {@code x >= 0}, else {@code alpha · x}: ONNX LeakyRelu, opset 16. */
public final class LeakyRelu extends UnaryOp {
  /** Slope on the negative side. */
  public static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 0.01f);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("LeakyRelu")
          .versions(1, 6, 16)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(ALPHA)
          .doc("Each element, or a fraction of it where it is negative.");

  LeakyRelu() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    Activation.LeakyRelu leaky = new Activation.LeakyRelu(attributes.get(ALPHA));
    return RealFunction.of(
        leaky::apply,
        leaky::image,
        x -> Math.max(x.high() > 0 ? 1 : 0, x.low() < 0 ? Math.abs((double) leaky.alpha()) : 0));
  }
}
