package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/** The disjunction of truth values, with broadcasting: ONNX Or, opset 7. */
public final class Or extends TruthOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Or")
          .versions(1, 7)
          .input("A", Types.BOOL)
          .input("B", Types.BOOL)
          .output("C", Types.BOOL)
          .doc("The disjunction of truth values, with broadcasting.");

  Or() {
    super(SCHEMA);
  }

  @Override
  boolean holds(double a, double b) {
    return (a != 0) || (b != 0);
  }

  @Override
  boolean holdsInteger(long a, long b, ElementType type) {
    return (a != 0) || (b != 0);
  }

  @Override
  boolean canHold(Interval a, Interval b) {
    return a.high() != 0 || b.high() != 0;
  }

  @Override
  boolean canFail(Interval a, Interval b) {
    return a.low() == 0 && b.low() == 0;
  }
}
