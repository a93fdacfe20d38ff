package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code log(1 + eˣ)}: ONNX Softplus, opset 22. */
public final class Softplus extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Softplus")
          .versions(1, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("A smooth version of Relu.");

  Softplus() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(
        Logistic::softplus,
        x -> Images.increasing(Logistic::softplus, x).clamped(0, Double.POSITIVE_INFINITY),
        x -> Logistic.sigmoid(x.high()));
  }
}
