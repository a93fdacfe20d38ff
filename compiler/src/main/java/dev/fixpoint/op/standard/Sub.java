package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import org.jspecify.annotations.Nullable;

/** {@code a - b} with broadcasting: ONNX Sub, opset 14. Integers wrap around. */
public final class Sub extends BinaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Sub")
          .versions(1, 6, 7, 13, 14)
          .input("A", Types.NUMBERS)
          .input("B", Types.NUMBERS)
          .output("C", Types.NUMBERS)
          .doc("The difference of two tensors, with broadcasting.");

  Sub() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    return new Difference();
  }

  private record Difference() implements BinaryFunction {
    @Override
    public double apply(double a, double b) {
      return a - b;
    }

    @Override
    public long applyInteger(long a, long b, ElementType type) {
      return a - b;
    }

    @Override
    public Interval image(Interval a, Interval b, ElementType type) {
      return a.minus(b);
    }

    @Override
    public double shift(Interval a, Interval b, double moveA, double moveB, ElementType type) {
      return Outward.addUp(moveA, moveB);
    }
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    return ShapeArithmetic.combine(call, (a, b) -> a.plus(b.times(-1)));
  }
}
