package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/** Whether {@code a < b}, with broadcasting: ONNX Less, opset 13. */
public final class Less extends TruthOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Less")
          .versions(1, 7, 9, 13)
          .input("A", Types.NUMBERS)
          .input("B", Types.NUMBERS)
          .output("C", Types.BOOL)
          .doc("Whether each element is smaller than another, with broadcasting.");

  Less() {
    super(SCHEMA);
  }

  @Override
  boolean holds(double a, double b) {
    return a < b;
  }

  @Override
  boolean holdsInteger(long a, long b, ElementType type) {
    return type == ElementType.UINT64 ? Long.compareUnsigned(a, b) < 0 : a < b;
  }

  @Override
  boolean canHold(Interval a, Interval b) {
    return a.low() < b.high();
  }

  @Override
  boolean canFail(Interval a, Interval b) {
    return a.high() >= b.low();
  }
}
