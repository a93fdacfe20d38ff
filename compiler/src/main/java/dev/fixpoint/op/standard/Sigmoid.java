package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code 1 / (1 + e⁻ˣ)}: ONNX Sigmoid, opset 13. */
public final class Sigmoid extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Sigmoid")
          .versions(1, 6, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The logistic function of each element.");

  Sigmoid() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(
        Logistic::sigmoid,
        x -> Images.increasing(Logistic::sigmoid, x).clamped(0, 1),
        x -> Logistic.sigmoidSlope(Images.nearestToZero(x)));
  }
}
