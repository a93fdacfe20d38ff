package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.tensor.ElementType;

/** {@code max(x, 0)}: ONNX Relu, opset 14. */
public final class Relu extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Relu")
          .versions(1, 6, 13, 14)
          .input("X", NumericTypes.SIGNED)
          .output("Y", NumericTypes.SIGNED)
          .doc("The larger of each element and zero.");

  Relu() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.exact(
        x -> Math.max(x, 0),
        x -> x.clamped(0, Double.POSITIVE_INFINITY),
        x -> x.high() > 0 ? 1 : 0);
  }

  @Override
  long applyInteger(long x, ElementType type, Attributes attributes) {
    return Math.max(x, 0);
  }
}
