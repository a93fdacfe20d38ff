package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code x / (1 + |x|)}: ONNX Softsign, opset 22. */
public final class Softsign extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Softsign")
          .versions(1, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("Each element over one more than its absolute value.");

  Softsign() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(
        Softsign::apply,
        x -> Images.increasing(Softsign::apply, x).clamped(-1, 1),
        x -> {
          double nearest = 1 + Images.nearestToZero(x);
          return 1 / (nearest * nearest);
        });
  }

  private static double apply(double x) {
    return x / (1 + Math.abs(x));
  }
}
