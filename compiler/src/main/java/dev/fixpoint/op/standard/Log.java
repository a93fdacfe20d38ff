package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** The natural logarithm, not a number below zero: ONNX Log, opset 13. */
public final class Log extends UnaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Log")
          .versions(1, 6, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("The natural logarithm of each element.");

  Log() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return RealFunction.of(
        Math::log,
        x -> x.low() < 0 ? Interval.ALL : Images.increasing(Math::log, x),
        x -> x.low() <= 0 ? Double.POSITIVE_INFINITY : 1 / x.low());
  }
}
