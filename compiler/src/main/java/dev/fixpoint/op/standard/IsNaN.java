package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** Whether an element is not a number: ONNX IsNaN, opset 20. */
public final class IsNaN extends PredicateOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("IsNaN")
          .versions(9, 13, 20)
          .input("X", NumericTypes.FLOATS_WITH_NAN)
          .output("Y", Types.BOOL)
          .doc("Whether each element is not a number.");

  IsNaN() {
    super(SCHEMA);
  }

  @Override
  boolean holds(double x, Attributes attributes) {
    return Double.isNaN(x);
  }

  @Override
  boolean canHold(Interval x) {
    return !x.isBounded();
  }

  @Override
  boolean canFail(Interval x) {
    return true;
  }
}
