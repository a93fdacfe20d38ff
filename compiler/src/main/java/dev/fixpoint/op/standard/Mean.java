package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** The mean of the elements, with broadcasting: ONNX Mean, opset 13. */
public final class Mean extends VariadicOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Mean")
          .versions(1, 6, 8, 13)
          .variadicInput("data_0", Types.FLOATS)
          .output("mean", Types.FLOATS)
          .doc("The mean of elements, with broadcasting.");

  Mean() {
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
  double finish(double folded, int count) {
    return folded / count;
  }

  @Override
  Interval image(Interval[] x) {
    Interval sum = Arrays.stream(x).reduce(Interval::plus).orElse(Interval.ZERO);
    return new Interval(
        Outward.divideDown(sum.low(), x.length), Outward.divideUp(sum.high(), x.length));
  }

  @Override
  double shift(double[] moves) {
    return Outward.divideUp(Arrays.stream(moves).reduce(0, Outward::addUp), moves.length);
  }

  @Override
  boolean isExact() {
    return false;
  }
}
