package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The negation of a truth value: ONNX Not, opset 1. */
public final class Not extends PredicateOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Not")
          .versions(1)
          .input("X", Types.BOOL)
          .output("Y", Types.BOOL)
          .doc("The negation of each truth value.");

  Not() {
    super(SCHEMA);
  }

  @Override
  boolean holds(double x, Attributes attributes) {
    return x == 0;
  }

  @Override
  boolean canHold(Interval x) {
    return x.low() == 0;
  }

  @Override
  boolean canFail(Interval x) {
    return x.high() != 0;
  }
}
