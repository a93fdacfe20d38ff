package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** The sum of the elements, with broadcasting: ONNX Sum, opset 13. */
public final class Sum extends VariadicOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Sum")
          .versions(1, 6, 8, 13)
          .variadicInput("data_0", Types.FLOATS)
          .output("sum", Types.FLOATS)
          .doc("The sum of elements, with broadcasting.");

  Sum() {
    super(SCHEMA);
  }

  @Override
  double fold(double a, double b) {
    return a + b;
  }

  @Override
  long foldInteger(long a, long b, ElementType type) {
    return a + b;
  }

  @Override
  Interval image(Interval[] x) {
    return Arrays.stream(x).reduce(Interval::plus).orElse(Interval.ZERO);
  }

  @Override
  double shift(double[] moves) {
    return Arrays.stream(moves).reduce(0, Outward::addUp);
  }

  @Override
  boolean isExact() {
    return false;
  }
}
