package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The error function: ONNX Erf, opset 13. */
public final class Erf extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Erf")
          .versions(9, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The error function of each element.");

  Erf() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(
        ErrorFunction::erf,
        x -> Images.increasing(ErrorFunction::erf, x).clamped(-1, 1),
        x -> {
          double nearest = Images.nearestToZero(x);
          return 2 / Math.sqrt(Math.PI) * Math.exp(-nearest * nearest);
        });
  }
}
