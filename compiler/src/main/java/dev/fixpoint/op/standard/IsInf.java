package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** Whether an element is infinite: ONNX IsInf, opset 20. */
public final class IsInf extends PredicateOp {
  /** Whether negative infinity counts. */
  public static final Attribute<Long> NEGATIVE = Attribute.ofInt("detect_negative", 1);

  /** Whether positive infinity counts. */
  public static final Attribute<Long> POSITIVE = Attribute.ofInt("detect_positive", 1);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("IsInf")
          .versions(10, 20)
          .input("X", NumericTypes.FLOATS_WITH_NAN)
          .output("Y", Types.BOOL)
          .attributes(NEGATIVE, POSITIVE)
          .doc("Whether each element is infinite.");

  IsInf() {
    super(SCHEMA);
  }

  @Override
  boolean holds(double x, Attributes attributes) {
    return x == Double.POSITIVE_INFINITY && attributes.isSet(POSITIVE)
        || x == Double.NEGATIVE_INFINITY && attributes.isSet(NEGATIVE);
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
