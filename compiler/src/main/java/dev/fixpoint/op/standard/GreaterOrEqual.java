package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/** Whether {@code a >= b}, with broadcasting: ONNX GreaterOrEqual, opset 16. */
public final class GreaterOrEqual extends TruthOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("GreaterOrEqual")
          .versions(12, 16)
          .input("A", Types.NUMBERS)
          .input("B", Types.NUMBERS)
          .output("C", Types.BOOL)
          .doc("Whether each element is at least another, with broadcasting.");

  GreaterOrEqual() {
    super(SCHEMA);
  }

  @Override
  boolean holds(double a, double b) {
    return a >= b;
  }

  @Override
  boolean holdsInteger(long a, long b, ElementType type) {
    return type == ElementType.UINT64 ? Long.compareUnsigned(a, b) >= 0 : a >= b;
  }

  @Override
  boolean canHold(Interval a, Interval b) {
    return a.high() >= b.low();
  }

  @Override
  boolean canFail(Interval a, Interval b) {
    return a.low() < b.high();
  }
}
