package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/** The complement of the bits of an integer: ONNX BitwiseNot, opset 18. */
public final class BitwiseNot extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("BitwiseNot")
          .versions(18)
          .input("X", Types.INTEGERS)
          .output("Y", Types.INTEGERS)
          .doc("The complement of the bits of each integer.");

  BitwiseNot() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.exact(x -> -1 - x, x -> Interval.point(-1).minus(x), x -> 1);
  }

  @Override
  long applyInteger(long x, ElementType type, Attributes attributes) {
    return ~x;
  }
}
