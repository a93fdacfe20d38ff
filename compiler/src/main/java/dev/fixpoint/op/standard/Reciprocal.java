package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code 1 / x}: ONNX Reciprocal, opset 13. */
public final class Reciprocal extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Reciprocal")
          .versions(1, 6, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The reciprocal of each element.");

  Reciprocal() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(
        x -> 1 / x,
        x -> x.contains(0) ? Interval.ALL : Images.decreasing(y -> 1 / y, x),
        x -> {
          double nearest = Images.nearestToZero(x);
          return 1 / (nearest * nearest);
        });
  }
}
