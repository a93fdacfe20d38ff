package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The largest of the elements, with broadcasting: ONNX Max, opset 13. */
public final class Max extends VariadicOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Max")
          .versions(1, 6, 8, 12, 13)
          .variadicInput("data_0", Types.NUMBERS)
          .output("max", Types.NUMBERS)
          .doc("The largest of elements, with broadcasting.");

  Max() {
    super(SCHEMA);
  }

  @Override
  double fold(double a, double b) {
    return Math.max(a, b);
  }

  @Override
  long foldInteger(long a, long b, ElementType type) {
    return type == ElementType.UINT64 && a < 0 != b < 0 ? Math.min(a, b) : Math.max(a, b);
  }

  @Override
  Interval image(Interval[] x) {
    return Arrays.stream(x)
        .reduce((a, b) -> new Interval(Math.max(a.low(), b.low()), Math.max(a.high(), b.high())))
        .orElse(Interval.ALL);
  }

  @Override
  double shift(double[] moves) {
    return Arrays.stream(moves).max().orElse(0);
  }

  @Override
  boolean isExact() {
    return true;
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    return call.inputCount() == 2 ? ShapeArithmetic.numbers(call, Math::max) : null;
  }
}
