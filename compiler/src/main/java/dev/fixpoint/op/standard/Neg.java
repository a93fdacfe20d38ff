package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.tensor.ElementType;

/** {@code -x}: ONNX Neg, opset 13. The smallest integer stays what it is. */
public final class Neg extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Neg")
          .versions(1, 6, 13)
          .input("X", NumericTypes.SIGNED)
          .output("Y", NumericTypes.SIGNED)
          .doc("Each element with its sign changed.");

  Neg() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.exact(x -> -x, Interval::negated, x -> 1);
  }

  @Override
  long applyInteger(long x, ElementType type, Attributes attributes) {
    return -x;
  }
}
