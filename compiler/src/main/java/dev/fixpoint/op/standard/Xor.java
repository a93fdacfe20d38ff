package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/** The exclusive disjunction of truth values, with broadcasting: ONNX Xor, opset 7. */
public final class Xor extends TruthOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Xor")
          .versions(1, 7)
          .input("A", Types.BOOL)
          .input("B", Types.BOOL)
          .output("C", Types.BOOL)
          .doc("The exclusive disjunction of truth values, with broadcasting.");

  Xor() {
    super(SCHEMA);
  }

  @Override
  boolean holds(double a, double b) {
    return (a != 0) != (b != 0);
  }

  @Override
  boolean holdsInteger(long a, long b, ElementType type) {
    return (a != 0) != (b != 0);
  }

  @Override
  boolean canHold(Interval a, Interval b) {
    return a.low() != a.high() || b.low() != b.high() || a.low() != b.low();
  }

  @Override
  boolean canFail(Interval a, Interval b) {
    return a.low() != a.high() || b.low() != b.high() || a.low() == b.low();
  }
}
