package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code eˣ}: ONNX Exp, opset 13. */
public final class Exp extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Exp")
          .versions(1, 6, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The exponential of each element.");

  Exp() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(
        Math::exp,
        x -> Images.increasing(Math::exp, x).clamped(0, Double.POSITIVE_INFINITY),
        x -> Math.exp(x.high()));
  }
}
